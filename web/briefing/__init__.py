"""The printed briefing: one document, as PDF and as DOCX."""
