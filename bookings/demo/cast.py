"""Who and what the demo is made of: houses, people, producers and their real Kalbar products.

Names of people and firms are invented; products, districts and machine types are those
of `facilities/data`. Everything carries `is_example`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

RAMADAN_2027 = ("2027-02-08", "2027-03-09")
RAMADAN_WEEK = {**dict.fromkeys(range(4), ((480, 720), (750, 900))), 4: ((480, 690), (750, 930)), 5: ((480, 720),)}


@dataclass(frozen=True, slots=True)
class House:
    slug: str
    name: str
    district: str
    address: str
    latitude: float
    longitude: float
    phone: str
    contact_name: str
    manager: str
    operators: tuple[str, ...]
    week: dict[int, tuple[tuple[int, int], ...]]
    machines: tuple[str, ...]
    load: float
    rules: dict[str, object]
    about: str
    zone_name: str = "Asia/Pontianak"
    non_halal: frozenset[str] = frozenset()
    crew: tuple[Worker, ...] = ()


@dataclass(frozen=True, slots=True)
class Worker:
    """An operator: the machine types they run, and the weekdays they never work. Of some of the staff, by name."""

    name: str
    types: tuple[str, ...]
    days_off: tuple[int, ...] = ()


def _codes(words: str) -> tuple[str, ...]:
    return tuple(words.split())


LIMITS = {
    "VAC1": {"widest": 380},
    "VAC2": {"widest": 480},
    "BAND": {"largest": 3000},
    "BANDGAS": {"largest": 2000},
    "FLIQ": {"smallest": 30, "largest": 1000},
    "FPIS": {"smallest": 10, "largest": 500},
    "VFSP": {"smallest": 5, "largest": 250, "widest": 180},
    "FWGH": {"smallest": 10, "largest": 1000},
    "CUPM": {"smallest": 100, "largest": 250},
    "CUPA": {"smallest": 100, "largest": 250},
    "FLOW": {"widest": 120},
    "RETORT": {"largest": 500},
}
"""Example pack sizes by type of machine: grams or millilitres, and millimetres. No source states them per machine."""

BRING = (
    "Label, dilebihkan sedikit\n"
    "Penutup kepala dan celemek bersih\n"
    "Nomor P-IRT atau MD bila kode produksi dicetak"
)

HOUSES = (
    House(
        slug="pontianak",
        name="Rumah Produksi Pontianak",
        district="61.71",
        address="Jalan Contoh Khatulistiwa 12, Pontianak Utara",
        latitude=-0.0022,
        longitude=109.3221,
        phone="+6281200000021",
        contact_name="Cahya",
        manager="Cahya",
        operators=("Dewi", "Yusuf"),
        week={
            **dict.fromkeys(range(4), ((480, 960),)),
            4: ((480, 690), (780, 990)),
            5: ((480, 900),),
            6: ((480, 900),),
        },
        machines=_codes("BAND BAND BANDGAS VAC1 VAC2 FPIS VFSP FWGH RETORT SPIN CODJ CUPM FLIQ LBR CAP"),
        load=1.9,
        rules={"approval": "below_limit", "approval_limit": 180, "answer_within": 2880, "grace": 30},
        crew=(
            Worker("Dewi", _codes("VAC2 VFSP")),
            Worker("Yusuf", _codes("RETORT VFSP"), days_off=(6,)),
            Worker("Hasan", _codes("VAC2 RETORT VFSP"), days_off=(5, 6)),
        ),
        about="Rumah produksi bersama untuk mengemas, memberi kode, dan melabel. Operator ada selama jam buka.",
    ),
    House(
        slug="sintang",
        name="Rumah Produksi Sintang",
        district="61.05",
        address="Jalan Contoh Kelam 5, Sintang",
        latitude=0.0694,
        longitude=111.4953,
        phone="+6281200000022",
        contact_name="Yohanes",
        manager="Yohanes",
        operators=("Agustina",),
        week={**dict.fromkeys(range(4), ((480, 930),)), 4: ((480, 660), (780, 930)), 5: ((480, 780),)},
        machines=_codes("BAND VAC1 FWGH FOOT FPIS FLIQ SPIN IND"),
        load=0.9,
        rules={
            "approval": "manual",
            "answer_within": 2880,
            "grace": 30,
            "policy": {"documents_required": ["nib", "pirt"], "trial_runs": 1, "weekly_quota": 480},
        },
        crew=(Worker("Agustina", _codes("FPIS FLIQ")),),
        about="Melayani madu, keripik, beras lokal, dan hasil hutan dari Sintang dan sekitarnya.",
    ),
    House(
        slug="singkawang",
        name="Rumah Produksi Singkawang",
        district="61.72",
        address="Jalan Contoh Gunung Poteng 8, Singkawang Selatan",
        latitude=0.9012,
        longitude=108.9871,
        phone="+6281200000023",
        contact_name="Liong",
        manager="Liong",
        operators=("Mei",),
        week={**dict.fromkeys(range(4), ((480, 960),)), 4: ((480, 690), (810, 990)), 5: ((480, 780),)},
        machines=_codes("BAND VAC1 VAC1 FLIQ CUPA FLOW SEAM CODH"),
        load=1.3,
        rules={
            "approval": "verified",
            "approval_limit": 240,
            "answer_within": 2880,
            "grace": 30,
            "policy": {"reserved_share": 20, "reserved_opens": 7, "reserved_far": 50},
        },
        crew=(
            Worker("Mei", _codes("CUPA FLOW")),
            Worker("Ationg", _codes("FLOW SEAM")),
            Worker("Lusi", _codes("CUPA SEAM"), days_off=(5,)),
        ),
        about="Mi kering, kecap, dan minuman. Satu mesin vakum khusus lini nonhalal, terpisah ruang dan alatnya.",
        non_halal=frozenset({"singkawang-vac1-2"}),
    ),
)


@dataclass(frozen=True, slots=True)
class Person:
    """A demo sign-in: the phone ends in `number`."""

    number: int
    name: str
    duty: str = ""
    facility: str = ""
    district: str = ""


PEOPLE = (
    Person(1, "Siti"),
    Person(2, "Budi"),
    Person(3, "Rosa"),
    Person(4, "Tono"),
    Person(5, "Dewi", "operator", facility="pontianak"),
    Person(6, "Cahya", "manager", facility="pontianak"),
    Person(7, "Eko", "district", district="61.05"),
    Person(8, "Fitri", "province"),
    Person(9, "Gunawan", "inspector"),
    Person(10, "Admin", "admin"),
)

COLLEAGUES = (
    Person(31, "Yusuf", "operator", facility="pontianak"),
    Person(32, "Yohanes", "manager", facility="sintang"),
    Person(33, "Agustina", "operator", facility="sintang"),
    Person(34, "Liong", "manager", facility="singkawang"),
    Person(35, "Mei", "operator", facility="singkawang"),
)
"""Staff of the houses who have no sign-in: their names stand in the history."""


@dataclass(frozen=True, slots=True)
class Ware:
    """A product: name, form, net weight, and the code it has in products.csv."""

    name: str
    form: str
    net_weight: str
    code: str
    line: str = "halal"
    cleaning_class: str = ""


@dataclass(frozen=True, slots=True)
class Maker:
    """A producer and the house it usually goes to, or several with `|` between.

    `owner` names a person of the cast, else one is made. `documents`: all in order, or `expired`, `none`, `unchecked`.
    """

    name: str
    contact: str
    district: str
    house: str
    wares: tuple[Ware, ...]
    village: str = ""
    scale: str = "micro"
    kind: str = "umkm"
    cooperative: str = ""
    owner: str = ""
    companion: str = ""
    weight: float = field(default=1.0)
    documents: str = ""
    is_verified: bool = True


def _w(name: str, form: str, net: str, code: str, line: str = "halal", leaves: str = "") -> Ware:
    return Ware(name, form, net, code, line, leaves)


MAKERS = (
    # Cooperatives first: members point at them.
    Maker("Koperasi Mandau", "Rosa", "61.05", "sintang", (_w("Madu hutan", "cair", "250 ml", "P17"),),
          "Kelam Permai", "", "cooperative", owner="Rosa", weight=1.2),
    Maker("Koperasi Lidah Buaya Siantan", "Hendra", "61.71", "pontianak",
          (_w("Minuman lidah buaya", "cair", "220 ml", "P04"), _w("Kerupuk lidah buaya", "keripik", "100 g", "P05")),
          "Siantan Hulu", "", "cooperative", weight=1.4),
    Maker("Koperasi Liberika Kayong", "Pak Sabran", "61.11", "pontianak",
          (_w("Kopi liberika bubuk", "bubuk", "200 g", "P11"),), "Sukadana", "", "cooperative"),
    Maker("Koperasi Etawa Bengkayang", "Bu Maria", "61.07", "singkawang",
          (_w("Susu kambing", "cair", "200 ml", "P27"),), "Sungai Betung", "", "cooperative"),
    # Siti and Budi compete for the same machines.
    Maker("Keripik Siti", "Siti", "61.71", "pontianak",
          (_w("Keripik talas", "keripik", "100 g", "P19"), _w("Keripik keladi", "keripik", "200 g", "P19")),
          "Tanjung Hulu", owner="Siti", weight=0.15),
    Maker("Abon Budi", "Budi", "61.71", "pontianak",
          (_w("Abon ikan", "padat", "100 g", "P24"), _w("Amplang", "keripik", "100 g", "P03")),
          "Sungai Jawi", owner="Budi", weight=0.15, documents="expired"),
    Maker("Madu Kelulut Ensaid", "Bu Tijah", "61.05", "sintang", (_w("Madu kelulut", "cair", "100 ml", "P17"),),
          "Ensaid Panjang", cooperative="Koperasi Mandau"),
    Maker("Keripik Pisang Kelam", "Bu Lusia", "61.05", "sintang", (_w("Keripik pisang", "keripik", "100 g", "P18"),),
          "Merpak", cooperative="Koperasi Mandau", weight=1.3),
    Maker("Beras Raja Kelam", "Pak Agus", "61.05", "sintang", (_w("Beras lokal", "granul", "1 kg", "P29"),),
          "Sungai Maram", cooperative="Koperasi Mandau"),
    Maker("Keripik Ubi Bu Veronika", "Bu Veronika", "61.05", "sintang",
          (_w("Keripik ubi", "keripik", "200 g", "P18"),), "Baning Kota", companion="Tono", weight=1.2),
    Maker("Madu Hutan Serawai", "Pak Martinus", "61.05", "sintang", (_w("Madu hutan", "cair", "250 ml", "P17"),),
          "Serawai", companion="Tono"),
    Maker("Gula Aren Tempunak", "Pak Yakobus", "61.05", "sintang", (_w("Gula aren", "padat", "500 g", "P15"),),
          "Tempunak", companion="Tono", documents="none"),
    Maker("Kerupuk Basah Putussibau", "Pak Darius", "61.06", "sintang",
          (_w("Kerupuk basah", "padat", "500 g", "P01"),), "Putussibau Kota", documents="expired"),
    Maker("Kerupuk Temet Bu Ida", "Bu Ida", "61.06", "pontianak", (_w("Kerupuk basah", "padat", "250 g", "P01"),),
          "Kedamin"),
    Maker("Keripik Bu Rosmiati", "Bu Rosmiati", "61.12", "pontianak",
          (_w("Keripik pisang", "keripik", "200 g", "P18"), _w("Keripik ubi", "keripik", "100 g", "P18")),
          "Sungai Raya", weight=1.6),
    Maker("Amplang Dedi", "Pak Dedi", "61.12", "pontianak", (_w("Amplang", "keripik", "200 g", "P03"),),
          "Rasau Jaya", "small", weight=1.4),
    Maker("Gula Semut Bu Halimah", "Bu Halimah", "61.12", "pontianak", (_w("Gula semut", "granul", "250 g", "P14"),),
          "Teluk Pakedai"),
    Maker("UD Sagu Jaya", "Pak Ismail", "61.12", "pontianak", (_w("Tepung sagu", "bubuk", "1 kg", "P21"),),
          "Sungai Kakap", "small"),
    Maker("Sambal Bu Yanti", "Bu Yanti", "61.71", "pontianak",
          (_w("Sambal ikan", "pasta", "200 g", "P32"), _w("Bumbu bubur pedas", "pasta", "100 g", "P32", leaves="bau_tajam")),
          "Parit Tokaya", weight=1.3),
    Maker("Dapur Melayu Pontianak", "Bu Rini", "61.71", "pontianak", (_w("Asam pedas siap santap", "padat", "200 g", "P33"),),
          "Benua Melayu Laut", "small", weight=1.2),
    Maker("CV Lada Sendoyan", "Pak Wahyu", "61.01", "pontianak",
          (_w("Lada bubuk", "bubuk", "50 g", "P06", leaves="bau_tajam"), _w("Saus lada hitam", "pasta", "140 ml", "P07")),
          "Sendoyan", "medium", weight=1.2),
    Maker("Ikan Asin Kakap", "Pak Usman", "61.01", "pontianak|singkawang", (_w("Ikan asin", "padat", "250 g", "P22"),),
          "Pemangkat"),
    Maker("VCO Borneo Pantai", "Bu Nurhayati", "61.12", "pontianak", (_w("VCO", "cair", "250 ml", "P20"),),
          "Kubu", weight=0.9),
    Maker("Sirup Nanas Galang", "Bu Marta", "61.02", "singkawang",
          (_w("Sirup nanas", "cair", "500 ml", "P13"), _w("Keripik nanas", "keripik", "100 g", "P12")), "Galang"),
    Maker("Mi Kering Bu Lina Tjong", "Bu Lina Tjong", "61.72", "singkawang",
          (_w("Mi kering", "padat", "500 g", "P25"),), "Roban", "small", weight=1.6),
    Maker("Kecap Sinar Singkawang", "Pak Afui", "61.72", "singkawang", (_w("Kecap manis", "cair", "600 ml", "P26"),),
          "Pasiran", "small", weight=1.3),
    Maker("Dendeng Bong", "Pak Bong", "61.72", "singkawang",
          (_w("Dendeng babi", "padat", "250 g", "P34", "non_halal", "daging"),), "Sedau", is_verified=False),
    Maker("Lempok Pak Jupri", "Pak Jupri", "61.72", "singkawang", (_w("Lempok durian", "padat", "200 g", "P09"),),
          "Kopisan", documents="unchecked"),
    Maker("Sari Jeruk Sambas", "Bu Yuliana", "61.01", "singkawang", (_w("Sari jeruk siam", "cair", "250 ml", "P28"),),
          "Tebas", weight=1.2),
)  # fmt: skip
"""Four cooperatives and twenty-five UMKM."""
