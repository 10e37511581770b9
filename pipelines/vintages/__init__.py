"""Every figure with two dates: the month it is of and the day it was published."""
