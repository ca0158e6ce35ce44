"""The firm's day: what is published before opening, before each daypart, and after closing."""

from simsuite.machine.marks import rule
from simsuite.rules.choice import appeal_when_buying, appeal_when_searching
from simsuite.rules.learning import keep_fading
from simsuite.rules.luck import draw
from simsuite.rules.promotions import publish_promotions, review_week
from simsuite.rules.statements import BOARD_DAYS
from simsuite.rules.stock import fill_shelf, open_stock_day, publish_stock
from simsuite.rules.waiting import publish_wait
from simsuite.vocabulary import FIRM, MINUTES_PER_DAY, PARTS_PER_DAY, Decision


@rule
def set_clock(now, days_run, daypart, warm_up, begins, ends):
    """What time it is."""
    now.days_run = days_run
    now.day = days_run - warm_up
    now.daypart = daypart
    now.part = days_run * PARTS_PER_DAY + daypart
    now.begins = begins
    now.ends = ends


@rule
def set_up_firm(world):
    """Before the first day: shelves are filled, links of the channels' own records are drawn."""
    for index in range(len(world.channels)):
        channel = world.channels[index]
        channel.link = draw(world.luck, FIRM, 0, Decision.CHANNEL_LINK, channel.code)
    for index in range(len(world.pools)):
        for item in range(len(world.items)):
            fill_shelf(
                world.stock[index][item], world.pools[index], world.items[item].demand_share, world.parameters.stock
            )


@rule
def open_firm_day(world):
    """Prices and calendar of the week, the board of the day, appeals, deliveries and replenishment; how evidence fades."""
    now = world.now
    keep_fading(world.fading, world.parameters.learning.half_life)
    if now.day % 7 == 0 or now.days_run == 0:
        review_week(world.channels, now, world.policy, world.parameters.promotions, world.luck)
    publish_promotions(world.channels, now, world.parameters.promotions)
    for index in range(len(world.channels)):
        entry = world.board[now.days_run % BOARD_DAYS][index]
        entry.price = world.channels[index].price
        entry.promotion = world.channels[index].promotion
        for kind in range(len(world.categories)):
            appeal = world.appeal[kind][index]
            appeal.search = appeal_when_searching(world.channels[index], world.parameters.choice)
            appeal.buy = appeal_when_buying(world.channels[index], world.categories[kind], world.parameters.choice)
    open_stock_day(world.stock, world.pools, world.items, now.days_run, world.luck, world.parameters)


@rule
def publish(world):
    """Stock and waits as of now; whatever anyone reads in this daypart was published before it began."""
    publish_stock(world.stock, len(world.items))
    minute = world.now.days_run * MINUTES_PER_DAY + world.now.begins
    for index in range(len(world.desks)):
        publish_wait(world.desks[index], world.clerks[index], minute, world.parameters.waiting.smoothing)
