"""One file of settings; what differs between installations comes from the environment.

See docs/install.md for every variable.
"""

from datetime import timedelta
from pathlib import Path

from config import environment as env

ROOT = Path(__file__).resolve().parent.parent
DATA = env.data_folder(ROOT / "var")
# The web server and its worker say who they are; everything else is a command.
ROLE = env.choice("RUMAH_ROLE", ["command", "web", "worker"])

DEBUG = env.flag("DEBUG")
SECRET_KEY = env.secret_key(DATA)
PUBLIC = env.public_url()
PUBLIC_URL = PUBLIC.geturl()
ALLOWED_HOSTS = env.hosts(PUBLIC)
SECURE = PUBLIC.scheme == "https"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "django_q",
    "template_partials",
    "accounts",
    "facilities",
    "bookings",
    "bookings.reports",
]

MIDDLEWARE = [
    "config.middleware.RequestId",
    "config.middleware.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.Trouble",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.middleware.Language",
    "config.middleware.ReadableInput",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.site",
            ],
            "builtins": ["bookings.desk.tags"],
            "libraries": {"desk": "bookings.day.tags"},
        },
    },
]

DATABASES = {"default": env.database(DATA, web=ROLE == "web")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# People. Locked by phone and address together: carriers put whole districts behind one
# address, and locking the phone alone would let a stranger lock out its owner.
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
     "OPTIONS": {"user_attributes": ("phone", "name", "email")}},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]  # fmt: skip
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL, LOGIN_REDIRECT_URL, LOGOUT_REDIRECT_URL = "/masuk/", "/", "/"

TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", 0, least=0, most=5)
AXES_USERNAME_FORM_FIELD = "username"  # the name under which `authenticate` is given the phone
AXES_FAILURE_LIMIT = 5
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_HTTP_RESPONSE_CODE = 429
AXES_LOCKOUT_CALLABLE = "accounts.views.locked_out"
AXES_CLIENT_IP_CALLABLE = "config.middleware.client_address"
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False

SESSION_COOKIE_AGE = 30 * 24 * 3600
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
LANGUAGE_COOKIE_NAME, LANGUAGE_COOKIE_AGE = "bahasa", 365 * 24 * 3600
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
CSRF_FAILURE_VIEW = "config.errors.csrf_failed"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_SSL_REDIRECT = False  # nginx does it; health checks arrive over plain HTTP
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE and TRUSTED_PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"
# X-Frame-Options is set by our own middleware; nginx sends plain HTTP away.
SILENCED_SYSTEM_CHECKS = ["security.W002", "security.W008"]

# Language and time. Instants are stored in UTC; people read the facility's own time.
LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Indonesia"), ("en", "English")]
LOCALE_PATHS = [ROOT / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"
DISPLAY_ZONE = "Asia/Pontianak"  # where no facility is named

# Files
STATIC_URL = "/static/"
STATICFILES_DIRS = [ROOT / "static"]
STATIC_ROOT = DATA / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_MAX_MEMORY_SIZE = 1 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_MEMORY_SIZE = 1 * 1024 * 1024  # everything but files: forms and JSON
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
REQUEST_MAX_SIZE = 12 * 1024 * 1024  # with files: one photo of 10 MB and its form

# Work in the background. A task is taken again after `retry`, so it must have been
# given up (`timeout`) before; config/checks.py holds that.
Q_CLUSTER = {
    "name": "rumah",
    "label": "Antrean",
    "orm": "default",
    "workers": env.number("WORKERS", 1, least=1, most=16),
    "timeout": 60,
    "retry": 120,
    "max_attempts": 5,
    "poll": 1,
    "queue_limit": 10,
    "catch_up": False,
    "recycle": 500,
    "save_limit": 500,
}

# Messages
vars().update(env.mail())
MAIL_IS_ON = bool(env.text("EMAIL_URL"))
WHATSAPP = env.whatsapp()

LOG_FORMAT = env.choice("LOG_FORMAT", ["text", "json"])
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"text": {"()": "config.logs.Text"}, "json": {"()": "config.logs.Json"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["console"], "level": env.choice("LOG_LEVEL", ["INFO", "DEBUG", "WARNING", "ERROR"])},
    "loggers": {
        "axes": {"level": "ERROR"},  # its warnings name phones
        "django-q": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},  # a 404 is an answer, not an event
        "waitress.queue": {"level": "ERROR"},
    },
}
