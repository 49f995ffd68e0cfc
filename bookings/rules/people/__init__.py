"""Rules about who asks: documents, training, quotas, shares, standing, who must be answered by a person."""
