"""HTML to tagged PDF. Nothing is fetched: what the document needs is inside it."""

from collections.abc import Sequence

from django.contrib.staticfiles import finders

from kb.exchange.printing import Printed


class PdfUnavailable(Exception):
    """Pango is missing on this server; the message, in French, says what to install."""


def is_available() -> bool:
    """Whether this server can make PDF."""
    try:
        import weasyprint  # noqa: F401
    except OSError:
        return False
    return True


def pdf(printed: Printed, *, sheets: Sequence[str] = ("paper.css",)) -> bytes:
    """A PDF/UA-1 (tagged, titled, in French), dressed by these style sheets, the last one winning.

    Raises PdfUnavailable where Pango is not installed.
    """
    try:
        from weasyprint import CSS, HTML
        from weasyprint.urls import URLFetcher
    except OSError as missing:
        raise PdfUnavailable(
            "Le PDF demande la bibliothèque Pango, absente de ce serveur. "
            "Sur Debian : apt install libpango-1.0-0 libpangoft2-1.0-0. En attendant, imprimez la page."
        ) from missing
    inside_only = URLFetcher(allowed_protocols={"data"}, allow_redirects=False)
    dressed = [CSS(filename=finders.find(name)) for name in sheets]
    html = HTML(string=printed.html, url_fetcher=inside_only)
    return bytes(html.write_pdf(stylesheets=dressed, pdf_variant="pdf/ua-1"))
