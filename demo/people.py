"""Invented names and time zones of the demo clinic's patients."""

from __future__ import annotations

from random import Random
from typing import Final, NamedTuple

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
