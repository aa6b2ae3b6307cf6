"""Invented names and time zones of the demo clinic's patients."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any, Final, NamedTuple

GIVEN: Final = (
    "Amber Aspen Basil Birch Bramble Briar Cedar Clover Coral Dune Ember Fennel Fern Flint Garnet Hazel "
    "Heath Indigo Juniper Lark Laurel Linden Maple Marlow Meadow Moss Nettle Opal Pebble Quill Robin Rowan "
    "Saffron Sage Sorrel Tansy Thistle Umber Willow Wren"
)
FAMILY: Final = (
    "Ashenbrook Bellwater Cinderford Copperleaf Dapplewood Driftmore Eddystream Fernhollow Foxmeadow "
    "Glasswater Goldenreed Harebell Hollowell Inkwood Ivybridge Kestrelby Lanternlow Marshlight Mistvale "
    "Nightorchard Oakenshore Pinehollow Quietwater Rainbarrow Reedmarsh Saltgrass Silverfen Snowberry "
    "Starling Thornapple Tidewater Umberfield Velvetmoss Wavecrest Windlestone Yarrowby"
)

CLINIC_ZONE: Final = "America/New_York"
ZONES: Final = (
    *(CLINIC_ZONE,) * 5,
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "Europe/Amsterdam",
    "Europe/Berlin",
    "Europe/Lisbon",
    "Europe/London",
)

RELATED: Final = ("Auden", "Beryl", "Corin", "Della", "Ellis")
"""Given names of emergency contacts."""
RELATIONS: Final = ("family", "family", "friend")
EVERY_WITHOUT_CONTACT: Final = 8
FIRST_BIRTH: Final = date(1951, 4, 17)


class Person(NamedTuple):
    """An invented person, with an e-mail address at a domain that receives no mail."""

    name: str
    email: str
    time_zone: str


def people(count: int, rng: Random) -> tuple[Person, ...]:
    """Return so many people with different names."""
    pairs = rng.sample([(given, family) for given in GIVEN.split() for family in FAMILY.split()], count)
    return tuple(
        Person(f"{given} {family}", f"{given}.{family}@patients.example".lower(), ZONES[number % len(ZONES)])
        for number, (given, family) in enumerate(pairs)
    )


def contact_data(number: int, person: Person) -> dict[str, Any]:
    """Return the columns of how to reach a patient, by number from 0; every eighth gave no emergency contact.

    Telephone numbers are from the ranges kept free for fiction (555-0100 to 555-0199).
    """
    related = number % EVERY_WITHOUT_CONTACT != EVERY_WITHOUT_CONTACT - 1
    return {
        "telephone": f"+14065550{100 + number}",
        "emergency_contact_name": f"{RELATED[number % len(RELATED)]} {person.name.split()[1]}"
        if related
        else None,
        "emergency_contact_relation": RELATIONS[number % len(RELATIONS)] if related else None,
        "emergency_contact_telephone": f"+12075550{100 + number}" if related else None,
        "born_on": FIRST_BIRTH + timedelta(days=number * 293),
        "language": "en",
    }
