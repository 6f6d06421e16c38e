"""The twelve stories, one function each; every organisation and person in them is invented."""

from collections.abc import Callable

from opps.sample.book import Book
from opps.sample.stories.baggage import baggage
from opps.sample.stories.branches import branches
from opps.sample.stories.clinics import clinics
from opps.sample.stories.cold_chain import cold_chain
from opps.sample.stories.configurator import configurator
from opps.sample.stories.paint_robots import paint_robots
from opps.sample.stories.proofing import proofing
from opps.sample.stories.pumps import pumps
from opps.sample.stories.robotics import robotics
from opps.sample.stories.street_lights import street_lights
from opps.sample.stories.telematics import telematics
from opps.sample.stories.widgets import widgets

STORIES: tuple[Callable[[Book], None], ...] = (
    widgets,
    telematics,
    clinics,
    robotics,
    branches,
    street_lights,
    cold_chain,
    proofing,
    pumps,
    configurator,
    baggage,
    paint_robots,
)
