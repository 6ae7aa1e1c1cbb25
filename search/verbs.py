"""Verbs whose forms part ways, with the noun of their deed: obtient and obtention, peignit and peindre, vendu and vente.

Snowball takes endings off; it cannot know that « mourut » and « meurt » are one verb. Each row gives the stem common to
a family and the folded forms that belong to it. Families that would mislead are left out on purpose: « permis » is a
paper before it is « permettre », « entreprise » a firm, « convention » a contract, « vins » are drunk.
"""

import re

_RE = "re|s|t|ent|ant|ait|aient|u|ue|us|ues|it|irent|ra|ront|rait|raient"

# (the common stem, how its forms are written; `\1` is the prefix)
_FAMILIES: tuple[tuple[str, str], ...] = (
    (r"\1ven", r"(re|de|par|sou|inter|pre|pro|sur|par)?v(?:enir|enu|enue|enus|enues|enant|enait|enaient|iens|ient|ienne|"
               r"iennent|iendra|iendront|iendrait|int|inrent)"),
    (r"\1ven", r"(inter|pre)vention(?:s)?"),
    (r"\1ten", r"(re|ob|main|con|de|sou|entre|abs|appar)?t(?:enir|enu|enue|enus|enues|enant|enait|enaient|ien|iens|ient|"
               r"ienne|iennent|iendra|iendront|iendrait|int|inrent)"),
    (r"\1ten", r"(ob|de)tention(?:s)?"),
    (r"\1prend", r"(ap|com|re|sur)?pr(?:endre|end|ends|enant|enons|enez|enait|enaient|enne|ennent|endra|endront|is|ise|"
                 r"ises|it|irent)"),
    (r"\1mett", r"(ad|com|pro|re|sou|trans|e)?m(?:ettre|et|ettant|ettent|ettait|ettaient|ettra|ettront|is|ise|ises|irent)"),
    (r"\1crir", r"(e|de|ins|pres|trans|sous|circons)cri(?:re|t|te|ts|tes|vant|vent|vait|vaient|ve|vit|virent|ra|ront|ption|"
                r"ptions)"),
    (r"\1uir", r"(cons?tr|reconstr|instr|prod|reprod|trad|red|cond|ded|sed|introd)u(?:ire|it|ite|its|ites|isant|isent|"
               r"isait|isaient|ise|isit|isirent|ira|iront|ction|ctions|cteur|cteurs|ctrice|ctrices)"),
    ("detruir", r"()detrui(?:re|t|te|ts|tes|sant|sent|sait|sit|sirent|ra)|destruction(?:s)?"),
    (r"\1connaitr", r"(re)?conn(?:aitre|ait|aissent|aissant|aissait|aissaient|aissance|aissances|aitra|u|ue|us|ues|ut|urent)"),
    (r"\1paraitr", r"(ap|dis|com)?par(?:aitre|ait|aissent|aissant|aissait|aitra|u|ue|us|ues|ut|urent|ution|utions|ition|"
                   r"itions)"),
    (r"\1indr", r"(pe|repe|fe|tei?|atte|ete|restre|contra|cra|pla|jo|rejo|adjo)in(?:dre|t|te|ts|tes|dra|dront)"),
    (r"\1indr", r"(pe|repe|fe|te|atte|ete|restre|contra|cra|pla|jo|rejo)ign(?:ant|ent|ait|aient|it|irent)"),
    (r"\1cevoir", r"(re|con|per|de|aper)c(?:evoir|oit|oivent|u|ue|us|ues|ut|urent|evant|evait|evra|evront|eption|eptions)"),
    ("prevoir", r"()prev(?:oir|oit|oient|oyait|oyant|oira|oiront|u|ue|us|ues|ision|isions|isionnel|isionnels|isionnelle|"
                r"isionnelles)"),
    ("mort", r"()m(?:ourir|eurt|eurent|ourut|oururent|ourra|ourant|ort|orte|orts|ortes)"),
    (r"\1uvrir", r"(o|deco|reco|co|ro|entro|reo)uv(?:rir|re|rent|rant|rait|rit|rirent|rira|ert|erte|erts|ertes|erture|ertures)"),
    (r"\1ffrir", r"(o|sou)ff(?:rir|re|res|rent|rant|rait|rit|rirent|rira|ert|erte|erts|ertes)"),
    (r"\1end", rf"(v|rev|r|def|desc|att|ent|et|susp|dep|pret)end(?:{_RE})?"),
    (r"\1ond", rf"(rep|corresp)ond(?:{_RE})?"),
    ("perd", rf"()perd(?:{_RE})?|perte(?:s)?"),
    ("vend", r"()vente(?:s)?"),
    ("repond", r"()reponse(?:s)?"),
    ("defend", r"()defense(?:s)?"),
    (r"\1suivr", r"(pour)?sui(?:vre|vi|vie|vis|vies|vent|vait|vit|virent|vra)"),
    (r"\1querir", r"(ac|con)qu(?:erir|iert|ierent|is|ise|ises|it|irent|erant|isition|isitions|ete|etes)"),
    (r"\1clur", r"(in|ex|con)clu(?:re|t|s|e|es|ent|rent|ant|sion|sions)?"),
    ("interdir", r"()interdi(?:re|t|ts|te|tes|sent|sant|ction|ctions)"),
    ("elu", r"()eli(?:re|t|sent|sait|ra|rent)|elu(?:e|s|es|t|rent)?"),
    ("naiss", r"()na(?:itre|it|issent|issait|issance|issances|quit|quirent)|ne(?:s|e|es)?"),
    (r"\1viv", r"(sur|re)?v(?:ivre|ivent|ivait|ivaient|ivra|ecu|ecue|ecut|ecurent)"),
)  # fmt: skip
_COMPILED = [(stem, re.compile(forms)) for stem, forms in _FAMILIES]


def stem_of_verb(folded: str) -> str | None:
    """The stem of the family that a folded form belongs to, if it belongs to one."""
    for stem, forms in _COMPILED:
        if found := forms.fullmatch(folded):
            return stem.replace(r"\1", found[1] or "")
    return None
