"""Mails: their words, the names of what is joined to them, and its text."""

from email.message import EmailMessage

from kb.documents.extraction import readers
from tests.kb.documents.extraction import made


def mail(subject="Devis du préau", body="Bonjour, voici le devis.", joined=()):
    message = EmailMessage()
    message["Subject"], message["From"] = subject, "Paul Martin <paul@menuiserie.example>"
    message["To"], message["Date"] = "mairie@valmorin.example", "Thu, 12 Mar 2026 10:00:00 +0100"
    message.set_content(body)
    for name, data in joined:
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def texts(data):
    reading = readers.read(data, "x.eml")
    assert (reading.state, reading.page_count) == ("ok", None)
    return [page.text for page in reading.pages]


def test_the_words_and_the_files():
    data = mail(
        joined=[("devis.pdf", made.pdf(made.written("Total 12 500 euros"))), ("photo.png", made.picture("Mur"))]
    )
    assert texts(data) == [
        "Devis du préau\nDe : Paul Martin <paul@menuiserie.example>\n2026-03-12\n\nBonjour, voici le devis.",
        "Pièce jointe : devis.pdf\nTotal 12 500 euros",
        "Pièce jointe : photo.png",
    ]


def test_mails_inside_mails_are_read_so_far():
    inner = mail("Trois", "Le fond", joined=[("n.txt", b"zqxfond")])
    for subject in ("Deux", "Un"):
        inner = mail(subject, "Suite", joined=[("message.eml", inner)])
    together = "\n".join(texts(inner))
    assert "Le fond" in together
    assert "Pièce jointe : n.txt" in together
    assert "zqxfond" not in together


def test_a_bomb_joined_to_a_mail_leaves_the_mail():
    assert texts(mail(joined=[("x.pdf", b"%PDF-1.4 cut")]))[1] == "Pièce jointe : x.pdf"
