"""The demo's pictures, drawn: a landscape, plans, charts. Each returns PNG bytes, the same every time."""

import io
import math
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from PIL import Image, ImageDraw

from kb.demo.lettering import width, write
from kb.demo.papers_town import spent
from kb.demo.when import When

GREEN, BRASS, INK, PAPER, GREY, LINEN = "#17493B", "#A57720", "#18201B", "#FFFFFF", "#6E766D", "#ECEEE4"
SIZE = (1200, 750)


@dataclass(frozen=True)
class Picture:
    """A picture of the library: its name in the demo, its title, who deposited it and when."""

    key: str
    title: str
    description: str
    by: str
    age: int
    draw: Callable[[When], bytes]


def _canvas(colour: str = PAPER, size: tuple[int, int] = SIZE) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGB", size, colour)
    return image, ImageDraw.Draw(image)


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _ridge(draw: ImageDraw.ImageDraw, base: int, swing: int, colour: str, seed: int) -> None:
    chance = Random(seed)  # noqa: S311
    waves = [(chance.uniform(0.002, 0.012), chance.uniform(0, 6), chance.uniform(0.3, 1)) for _ in range(4)]
    line = [
        (x, base - sum(math.sin(x * pace + start) * part for pace, start, part in waves) * swing / 2)
        for x in range(0, SIZE[0] + 1, 6)
    ]
    draw.polygon([*line, (SIZE[0], SIZE[1]), (0, SIZE[1])], fill=colour)


def landscape(when: When) -> bytes:
    """The valley of the Drise: ridges, the river, the village and its steeple."""
    image, draw = _canvas("#DCE8EA")
    draw.ellipse((900, 90, 1000, 190), fill="#F4E6B8")
    for base, swing, colour, seed in (
        (330, 110, "#A9BFC0", 3),
        (420, 90, "#7F9F95", 8),
        (500, 70, "#5B8270", 21),
        (590, 40, "#3F6A53", 34),
    ):
        _ridge(draw, base, swing, colour, seed)
    draw.polygon(
        [(560, 750), (610, 640), (700, 590), (760, 560), (790, 562), (740, 600), (690, 650), (760, 750)], fill="#B9D3DA"
    )
    chance = Random(5)  # noqa: S311
    for place in range(16):
        x, y = 300 + place * 24 + chance.randint(-6, 6), 560 + chance.randint(0, 44)
        wide = chance.randint(24, 40)
        draw.rectangle((x, y, x + wide, y + 24), fill="#EFE7D6")
        draw.polygon([(x - 4, y), (x + wide / 2, y - 18), (x + wide + 4, y)], fill="#8C5A43")
    draw.rectangle((470, 490, 496, 580), fill="#E3D8C2")
    draw.polygon([(464, 490), (483, 430), (502, 490)], fill="#54504C")
    return _png(image)


def _rooms(draw: ImageDraw.ImageDraw, rooms: tuple[tuple[str, int, int, int, int], ...], size: int = 22) -> None:
    for name, left, top, right, bottom in rooms:
        draw.rectangle((left, top, right, bottom), outline=INK, width=5)
        for number, line in enumerate(name.split("/")):
            place = (left + (right - left - width(line, size)) // 2, (top + bottom) // 2 - 28 + 30 * number)
            write(draw, place, line, size, INK)


def _title(draw: ImageDraw.ImageDraw, words: str, line: str = "") -> None:
    write(draw, (60, 34), words, 32, GREEN)
    if line:
        write(draw, (60, 78), line, 20, GREY)


def school_plan(when: When) -> bytes:
    """The ground floor of the school, as it will be."""
    image, draw = _canvas()
    _title(
        draw, "École des Tilleuls : rez-de-chaussée, état projeté", "Échelle 1/200. Isolation extérieure en trait vert."
    )
    draw.rectangle((92, 142, 1108, 598), outline=GREEN, width=14)
    _rooms(
        draw,
        (
            ("Classe 1/52 m²", 106, 156, 330, 370),
            ("Classe 2/52 m²", 330, 156, 554, 370),
            ("Classe 3/54 m²", 554, 156, 778, 370),
            ("Classe 4/54 m²", 778, 156, 1094, 370),
            ("Préau/118 m²", 106, 430, 460, 584),
            ("Cantine/76 m²", 460, 430, 778, 584),
            ("Chaufferie/granulés", 778, 430, 960, 584),
            ("Silo", 960, 430, 1094, 584),
        ),
    )
    write(draw, (520, 388), "Couloir", 20, GREY)
    for place in range(6):
        draw.ellipse((150 + place * 160, 630, 210 + place * 160, 690), outline=GREEN, width=4, fill="#DFECE3")
    write(draw, (60, 706), "Six tilleuls replantés le long de la rue du Lavoir", 20, GREEN)
    return _png(image)


def road_plan(when: When) -> bytes:
    """The chemin des Lauzes and its three stretches."""
    image, draw = _canvas("#F7F8F3")
    _title(draw, "Chemin des Lauzes : les trois tronçons", "1 460 m du pont au hameau de Combe-Noire.")
    line = [(90 + step * 10, 560 - 260 * (step / 102) + 70 * math.sin(step / 9)) for step in range(103)]
    for start, end, colour in ((0, 36, GREEN), (35, 71, BRASS), (70, 103, GREY)):
        draw.line(line[start:end], fill=INK, width=26, joint="curve")
        draw.line(line[start:end], fill=colour, width=18, joint="curve")
    for words, x, y in (("1. Repris", 170, 640), ("2. En attente du mur", 470, 560), ("3. À faire", 900, 420)):
        write(draw, (x, y), words, 24, INK)
    draw.line([(520, 330), (600, 400)], fill="#842812", width=10)
    write(draw, (380, 290), "Mur de soutènement fissuré", 22, "#842812")
    write(draw, (70, 480), "Pont", 20, GREY)
    write(draw, (1010, 210), "Combe-Noire", 20, GREY)
    return _png(image)


def housing_plan(when: When) -> bytes:
    """The twelve plots of the lotissement des Aires."""
    image, draw = _canvas("#F7F8F3")
    _title(draw, "Lotissement des Aires : esquisse de 12 lots", "Parcelle non maîtrisée hachurée.")
    for number in range(12):
        left, top = 90 + (number % 6) * 170, 150 + (number // 6) * 290
        draw.rectangle((left, top, left + 150, top + 200), outline=INK, width=4, fill="#FFFFFF")
        write(draw, (left + 24, top + 74), f"Lot {number + 1}", 24, INK)
        write(draw, (left + 24, top + 106), f"{480 + (number * 37) % 190} m²", 20, GREY)
    draw.rectangle((90, 372, 1090, 418), fill=LINEN)
    write(draw, (470, 382), "Voie partagée, 5 m", 22, GREY)
    for offset in range(0, 200, 22):
        draw.line([(770, 440 + offset), (770 + 148, 440 + max(0, offset - 60))], fill="#842812", width=3)
    return _png(image)


def playground(when: When) -> bytes:
    """The school yard as the children drew it: shade, water, earth."""
    image, draw = _canvas("#F3EEDF")
    _title(draw, "La cour : ombre et sols", "Esquisse de l’atelier avec les élèves de CE2.")
    draw.rounded_rectangle((80, 130, 1120, 690), 60, outline=GREY, width=6, fill="#E8E2CE")
    draw.ellipse((140, 330, 560, 640), fill="#CFE0C8")
    draw.ellipse((640, 200, 1050, 470), fill="#D9CDB0")
    draw.line([(150, 240), (420, 290), (620, 520), (1060, 600)], fill="#8FB7C4", width=22, joint="curve")
    for x, y in ((220, 420), (330, 520), (450, 420), (700, 560), (880, 540), (1000, 330)):
        draw.ellipse((x - 58, y - 58, x + 58, y + 58), fill="#5B8270")
        draw.ellipse((x - 10, y - 10, x + 10, y + 10), fill="#8C5A43")
    for words, x, y in (("Prairie", 260, 590), ("Copeaux", 790, 320), ("Noue", 610, 600)):
        write(draw, (x, y), words, 24, INK)
    return _png(image)


def budget_chart(when: When) -> bytes:
    """What is spent of each chapter, against the months gone by."""
    months = when.closed_month.month
    mark = round(100 * months / 12)
    image, draw = _canvas(size=(1200, 640))
    _title(
        draw,
        f"Fonctionnement {when.budget_year}, par chapitre",
        f"Barre : réalisé. Cadre : voté. Trait : {mark} % de l'année.",
    )
    for row, (_, name, voted, done) in enumerate(spent(when)):
        share, top = round(100 * done / voted), 150 + row * 76
        write(draw, (60, top + 6), name, 26, INK)
        draw.rectangle((440, top, 1040, top + 44), outline=GREY, width=2)
        draw.rectangle((440, top, 440 + 6 * share, top + 44), fill=GREEN)
        for x in range(440 + 6 * mark, 440 + 6 * share, 10):
            draw.line([(x, top + 44), (x + 10, top)], fill=BRASS, width=3)
        write(draw, (1064, top + 6), f"{share} %", 26, INK)
    draw.line([(440 + 6 * mark, 130), (440 + 6 * mark, 600)], fill=BRASS, width=4)
    return _png(image)


CASH = (412, 356, 298, 341, 402, 368, 287, 254, 386, 331, 268, 344)


def cash_chart(when: When) -> bytes:
    """The cash at the end of each month, known then expected."""
    known = when.closed_month.month
    image, draw = _canvas(size=(1200, 640))
    _title(
        draw,
        f"Trésorerie en fin de mois, {when.budget_year}",
        "En milliers d'euros. Trait plein : constaté. Points : prévu.",
    )
    for level in range(0, 500, 100):
        y = 570 - level
        draw.line([(110, y), (1140, y)], fill="#CDD2C3", width=2)
        write(draw, (50, y - 14), str(level), 22, GREY)
    draw.line([(110, 420), (1140, 420)], fill=BRASS, width=4)
    write(draw, (120, 430), "Plancher fixé : 150 000 EUR", 22, BRASS)
    dots = [(150 + 88 * place, 570 - value) for place, value in enumerate(CASH)]
    draw.line(dots[:known], fill=GREEN, width=6, joint="curve")
    for place, (x, y) in enumerate(dots):
        fill = GREEN if place < known else PAPER
        draw.ellipse((x - 8, y - 8, x + 8, y + 8), fill=fill, outline=GREEN, width=3)
        write(draw, (x - 22, y - 42), str(CASH[place]), 20, INK)
        write(draw, (x - 8, 588), "JFMAMJJASOND"[place], 22, GREY)
    return _png(image)


def lamp_map(when: When) -> bytes:
    """The lamps of the village: replaced, and still to be."""
    image, draw = _canvas("#F7F8F3")
    _title(draw, "Éclairage public : 312 points lumineux", "Vert : remplacés par des LED. Laiton : à venir.")
    for streets in (
        ((60, 420), (1140, 380)),
        ((300, 140), (420, 700)),
        ((760, 140), (700, 700)),
        ((60, 620), (1140, 600)),
    ):
        draw.line(streets, fill="#CDD2C3", width=26)
    chance = Random(12)  # noqa: S311
    for _ in range(150):
        x, y = chance.randint(80, 1120), chance.randint(150, 690)
        ink = GREEN if x < 690 else BRASS
        draw.ellipse((x - 6, y - 6, x + 6, y + 6), fill=ink)
    return _png(image)


def footbridge(when: When) -> bytes:
    """The footbridge over the Drise, seen from the bank."""
    image, draw = _canvas("#E6EEF0")
    draw.rectangle((0, 560, 1200, 750), fill="#A9C4CC")
    draw.polygon([(0, 750), (0, 430), (210, 470), (260, 620), (180, 750)], fill="#6F8F72")
    draw.polygon([(1200, 750), (1200, 420), (990, 465), (950, 620), (1030, 750)], fill="#6F8F72")
    draw.arc((160, 300, 1040, 760), 200, 340, fill=INK, width=10)
    draw.rectangle((180, 430, 1020, 448), fill="#8C5A43")
    for x in range(190, 1020, 46):
        draw.line([(x, 380), (x, 430)], fill="#8C5A43", width=5)
    draw.line([(180, 380), (1020, 380)], fill="#8C5A43", width=7)
    _title(draw, "Passerelle de la Drise : esquisse", "Portée de 28 m, tablier en mélèze.")
    return _png(image)


PICTURES = (
    Picture("vallee", "La vallée de la Drise", "Le village et son clocher au bord de la Drise.", "ines", 368, landscape),
    Picture("plan-ecole", "Plan du rez-de-chaussée de l’école", "Plan de l’école des Tilleuls après travaux.", "patrick", 240, school_plan),
    Picture("plan-lauzes", "Plan du chemin des Lauzes", "Les trois tronçons du chemin et le mur fissuré.", "patrick", 210, road_plan),
    Picture("plan-aires", "Esquisse du lotissement des Aires", "Douze lots autour d’une voie partagée.", "yann", 300, housing_plan),
    Picture("cour", "Esquisse de la cour de l’école", "Arbres, prairie, copeaux et noue.", "emilie", 120, playground),
    Picture("chapitres", "Dépenses par chapitre", "Part réalisée de chaque chapitre du budget.", "sandrine", 22, budget_chart),
    Picture("tresorerie", "Trésorerie en fin de mois", "Trésorerie constatée et prévue, mois par mois.", "sandrine", 22, cash_chart),
    Picture("lampes", "Carte de l’éclairage public", "Points lumineux remplacés et à remplacer.", "julien", 95, lamp_map),
    Picture("passerelle", "Esquisse de la passerelle", "Passerelle de bois au-dessus de la Drise.", "patrick", 75, footbridge),
)  # fmt: skip
