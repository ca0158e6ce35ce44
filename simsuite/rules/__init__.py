"""What people and channels do: one mechanism, one file.

book = simsuite.rules.replace(channel_utility=my_channel_utility)
simsuite.compare("flagship_retailer", rules=book)
"""

from simsuite.machine.rulebook import names, replace

__all__ = ["names", "replace"]
