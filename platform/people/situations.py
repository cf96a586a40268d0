"""What people say of their work, so that the course that fits them best comes first. All of it may stay open."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Occupation(models.TextChoices):
    """Major groups of ISCO-08 (International Labour Organization), in words that people use of themselves."""

    MANAGERS = "1", _("I lead people or run a business")
    PROFESSIONALS = "2", _("Professional: teacher, nurse, engineer, lawyer, programmer …")
    TECHNICIANS = "3", _("Technician or associate: laboratory, sales agent, inspector …")
    CLERKS = "4", _("Office: secretary, bookkeeping, reception, call centre …")
    SERVICE = "5", _("Service or sales: shop, kitchen, care, hairdressing, security …")
    FARMING = "6", _("Farming, forestry or fishing")
    CRAFT = "7", _("Craft or trade: building, repair, tailoring, baking …")
    MACHINES = "8", _("Machines or driving: factory, lorry, bus, crane …")
    ELEMENTARY = "9", _("Helper: cleaning, packing, loading, delivery …")
    ARMED_FORCES = "0", _("Armed forces")


class Experience(models.TextChoices):
    """How much somebody has worked with AI; the values are those of the levels of courses."""

    NONE = "beginner", _("Little or none")
    SOME = "intermediate", _("Now and then")
    MUCH = "advanced", _("Nearly every day")
