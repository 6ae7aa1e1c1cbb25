import time
from email.message import EmailMessage

import pytest

from kb.exchange.mail_reader import read_mail
from kb.exchange.reading import ReadMail, RichText, Unreadable
from tests.kb.documents.made_files import docx, pdf
from tests.kb.samples import needs_samples, sample


@needs_samples
def test_the_sample_mail():
    mail = read_mail(sample("office/testEmailWithPNGAtt.eml"), "testEmailWithPNGAtt.eml")
    assert mail == ReadMail(
        "Test Attachment Email",
        "Tika Test <XXXX@apache.org>",
        "2016-07-20T17:35:02+01:00",
        [RichText("<p>This email has a PNG attachment included in it</p>")],
        [("testPNG.png", mail.attachments[0][1])],
    )
    assert (len(mail.attachments[0][1]), mail.attachments[0][1][:4]) == (17041, b"\x89PNG")


@needs_samples
def test_the_sample_outlook_mail():
    mail = read_mail(sample("office/test-outlook.msg"), "test-outlook.msg")
    assert (mail.subject, mail.sender, mail.date, mail.attachments, mail.report) == (
        "Microsoft Outlook Express 6",
        "L'Équipe Microsoft Outlook Express <msoe@microsoft.com>",
        "2007-04-05T16:26:06+00:00",
        [],
        [],
    )
    assert mail.passages[0].html.startswith(
        "<p>La réponse à vos attentes en matière de messagerie</p><p>Fonctionnalité</p>"
    )


def made_mail() -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"] = "Compte rendu du 3 mai — école"
    mail["From"] = "Inès Noël <ines@valmorin.example>"
    mail["To"] = "mairie@valmorin.example"
    mail["Date"] = "Fri, 03 May 2024 20:15:00 +0200"
    mail.set_content("Bonjour,\n\nvoici le compte rendu.\n")
    mail.add_alternative(
        "<div>Bonjour,</div><p style='mso-x'>voici le <b onclick=x()>compte rendu</b>.<o:p></o:p></p>"
        "<div style='display:none'>pisteur</div><script>x</script><img src='https://espion.example/x.gif'>"
        "<a href='javascript:x()'>ici</a>",
        subtype="html",
    )
    mail.add_attachment(docx(), maintype="application", subtype="octet-stream", filename="Délibé ../été.docx")
    mail.add_attachment(pdf(), maintype="application", subtype="pdf", filename="plan.pdf")
    forwarded = EmailMessage()
    forwarded["Subject"] = "Ancien"
    forwarded["From"] = "x@valmorin.example"
    forwarded.set_content("ancien texte")
    mail.add_attachment(forwarded)
    return mail


def test_a_mail_gives_its_clean_text_and_its_attachments():
    mail = read_mail(made_mail().as_bytes(), "x.eml")
    assert (mail.subject, mail.sender, mail.date, mail.report) == (
        "Compte rendu du 3 mai — école",
        "Inès Noël <ines@valmorin.example>",
        "2024-05-03T20:15:00+02:00",
        [],
    )
    assert mail.passages == [RichText("<p>Bonjour,</p><p>voici le <b>compte rendu</b>.</p><p>ici\n</p>")]
    assert [name for name, _ in mail.attachments] == ["Délibé ..-été.docx", "plan.pdf", "Ancien.eml"]
    assert [data for _, data in mail.attachments][:2] == [docx(), pdf()]
    assert read_mail(mail.attachments[2][1], "Ancien.eml").passages == [RichText("<p>ancien texte</p>")]


@pytest.mark.parametrize(
    ("raw", "subject", "html"),
    [
        (b"From: a\nTo: b\nSubject: =?utf-8?q?=C3=A9t=C3=A9?=\n\nmot \xe9t\xe9", "été", "<p>mot été</p>"),
        (
            b"From: a\nDate: jamais\nSubject: x\nContent-Type: text/plain; charset=inconnu\n\nmot",
            "x",
            "<p>mot</p>",
        ),
        (
            b"From: a\nDate: x\nSubject: y\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nmot",
            "y",
            "<p>mot</p>",
        ),
        (
            b"From: a\nDate: x\nSubject: y\nContent-Type: multipart/mixed\n\nsans limite",
            "y",
            "<p>sans limite</p>",
        ),
        (b"From: a\nDate: x\nSubject: y\nContent-Transfer-Encoding: base64\n\n!!!", "y", ""),
    ],
)
def test_ill_formed_mails_are_read_as_far_as_they_go(raw, subject, html):
    mail = read_mail(raw, "x.eml")
    assert (mail.subject, "".join(passage.html for passage in mail.passages)) == (subject, html)


def test_an_endless_mail_costs_a_sentence():
    start = time.monotonic()
    head = b"From: a\nTo: b\nSubject: x\n"
    parts = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000))
    with pytest.raises(Unreadable) as caught:
        read_mail(head + parts, "boucle.eml")
    assert caught.value.message.startswith("Le texte de « boucle.eml » n’a pas pu être lu : ")
    assert time.monotonic() - start < 10


def test_what_is_not_a_mail_is_refused():
    with pytest.raises(Unreadable) as caught:
        read_mail(pdf(), "plan.eml")
    assert caught.value.message == (
        "Le texte de « plan.eml » n’a pas pu être lu : ce n’est pas un document de texte. Déposez-le comme document joint."
    )
