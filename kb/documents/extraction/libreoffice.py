"""LibreOffice in the sandbox: old formats turned into those that our readers know."""

import shutil

from kb.documents.extraction import sandbox
from kb.documents.extraction.sandbox import MB, Limits

LIMITS = Limits(memory=2048 * MB, cpu=90, wall=120, output=100 * MB)
FILTERS = {
    "docx": "docx:MS Word 2007 XML",
    "pptx": "pptx:Impress MS PowerPoint 2007 XML",
    "pdf": "pdf",
    "xlsx": "xlsx:Calc MS Excel 2007 XML",
}
# No macro runs, no link is followed, nothing is recovered or updated: the profile is new each time.
PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
</oor:items>
"""


class NotInstalled(Exception):
    """This server has no LibreOffice."""


def program() -> str | None:
    """The path of LibreOffice, None where it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def converted(data: bytes, *, source: str, target: str) -> bytes:
    """A file with the extension `source` as LibreOffice writes it in `target`, b"" when it cannot.

    Raises NotInstalled, sandbox.SandboxError.
    """
    path = program()
    if path is None:
        raise NotInstalled
    argv = [path, "--headless", "--norestore", "--nologo", "--nolockcheck"]
    argv += ["-env:UserInstallation=file:///proc/self/cwd/profile"]
    argv += ["--convert-to", FILTERS[target], "--outdir", "out", f"old.{source}"]
    files = {f"old.{source}": data, "profile/user/registrymodifications.xcu": PROFILE.encode()}
    done = sandbox.run(argv, files=files, limits=LIMITS, collect=f"out/*.{target}")
    return next(iter(done.collected.values()), b"")
