"""Every reason to refuse a scan: a stable code, a plain sentence for the mediator, and what to do next.

They are part of the scanner's protocol: a code, once published, keeps its meaning.
"""

from django.utils.translation import gettext_lazy as _

from poincon.kernel.refusals import Refusal

MALFORMED = Refusal(
    "malformed",
    _("Cette demande est incomplète ou mal écrite : %(fault)s."),
    _("Mettez le scanner à jour, puis scannez de nouveau."),
)
IDENTIFIER_TAKEN = Refusal(
    "identifier_taken",
    _("Cet identifiant de scan appartient à un autre opérateur."),
    _("Scannez de nouveau : l’appareil donnera un nouvel identifiant."),
)

# 1. The code is authentic and known.
UNREADABLE = Refusal(
    "unreadable_code",
    _("Ce code n’est pas un code de Pass numérique."),
    _("Scannez le carré imprimé sur le pass, ou tapez le numéro écrit dessous."),
)
WRONG_CHECK_CHARACTER = Refusal(
    "wrong_check_character",
    _("Le numéro tapé contient une erreur : un de ses caractères est faux."),
    _("Relisez le numéro imprimé sous le code et tapez-le de nouveau."),
)
UNKNOWN_KEY = Refusal(
    "unknown_key",
    _("Ce pass vient d’un autre dispositif que ceux de ce service."),
    _("Regardez le nom du dispositif imprimé sur le chéquier et appelez le numéro indiqué."),
)
REVOKED_KEY = Refusal(
    "revoked_key",
    _("Ce pass fait partie d’une série retirée de la circulation."),
    _("Appelez le référent du dispositif : le chéquier peut être échangé."),
)
FORGED = Refusal(
    "forged_signature",
    _("Ce code n’est pas authentique : il a été abîmé ou imité."),
    _("Tapez le numéro imprimé sous le code. S’il est refusé aussi, appelez le référent du dispositif."),
)
UNKNOWN_BOOKLET = Refusal(
    "unknown_booklet",
    _("Aucun chéquier ne porte ce numéro."),
    _("Relisez le numéro. S’il est juste, appelez le référent du dispositif."),
)
POSITION_OUT_OF_RANGE = Refusal(
    "position_out_of_range",
    _("Ce chéquier compte %(size)s pass : le pass n° %(position)s n’existe pas."),
    _("Relisez le numéro écrit après le tiret."),
)

# 2. The booklet is active, handed over, not blocked.
BLOCKED = Refusal(
    "blocked_booklet",
    _("Ce chéquier a été déclaré perdu, volé ou remplacé : il n’est plus valable."),
    _("La personne peut demander à son prescripteur s’il a été remplacé."),
)
INERT = Refusal(
    "inert_booklet",
    _("Ce chéquier n’est pas encore activé."),
    _("Appelez le référent du dispositif : l’argent de ce lot n’est pas encore enregistré."),
)
NOT_HANDED_OVER = Refusal(
    "not_handed_over",
    _("Ce pass n’a pas encore été remis à une personne."),
    _("Le prescripteur doit d’abord enregistrer la remise du chéquier."),
)

# 3. The date is inside validity and grace.
EXPIRED = Refusal(
    "expired",
    _("Ce pass était valable jusqu’au %(day)s."),
    _("La personne peut demander un nouveau chéquier à son prescripteur."),
)
NOT_YET_VALID = Refusal(
    "not_yet_valid",
    _("Ce pass sera valable à partir du %(day)s."),
    _("Proposez à la personne de revenir à partir de cette date."),
)
PROGRAMME_SUSPENDED = Refusal(
    "programme_suspended",
    _("Le dispositif est suspendu ce jour-là : aucun pass n’est accepté."),
    _("Le pass reste valable à la reprise. Renseignez-vous auprès du référent du dispositif."),
)
CLOCK_AHEAD = Refusal(
    "clock_ahead",
    _("L’horloge de l’appareil avance : elle indique le %(day)s."),
    _("Réglez la date et l’heure de l’appareil, puis scannez de nouveau."),
)
TOO_LATE = Refusal(
    "too_late",
    _("Ce scan a attendu hors ligne plus de %(delay)s."),
    _("Appelez le référent du dispositif avec la feuille d’émargement."),
)

# 4. The operator, the venue and the service are inside the programme.
OPERATOR_NOT_QUALIFIED = Refusal(
    "operator_not_qualified",
    _("Votre structure n’est pas qualifiée pour ce dispositif à cette date."),
    _("Appelez la tête de réseau du dispositif."),
)
MEDIATOR_NOT_TRAINED = Refusal(
    "mediator_not_trained",
    _("Ce dispositif demande une formation que ce médiateur n’a pas encore suivie."),
    _("Demandez à la tête de réseau la date de la prochaine formation."),
)
MEDIATOR_UNKNOWN = Refusal(
    "mediator_unknown",
    _("Cette personne ne fait pas partie des médiateurs de votre structure."),
    _("Choisissez un médiateur de votre structure."),
)
VENUE_UNKNOWN = Refusal(
    "venue_unknown",
    _("Ce lieu n’est pas un lieu de votre structure."),
    _("Choisissez un de vos lieux dans le scanner."),
)
VENUE_CLOSED = Refusal(
    "venue_closed",
    _("Ce lieu est fermé depuis le %(day)s."),
    _("Choisissez un autre lieu de votre structure dans le scanner."),
)
VENUE_OUTSIDE_TERRITORY = Refusal(
    "venue_outside_territory",
    _("Ce lieu est hors du territoire du dispositif."),
    _("Choisissez un lieu du territoire, ou orientez la personne vers un lieu proche."),
)
SERVICE_UNKNOWN = Refusal(
    "service_unknown",
    _("Ce service n’existe pas dans le référentiel."),
    _("Choisissez un service dans la liste du scanner."),
)
SERVICE_OUTSIDE_PROGRAMME = Refusal(
    "service_outside_programme",
    _("Le dispositif ne paie pas ce service."),
    _("Choisissez un des services du dispositif."),
)
SERVICE_OUTSIDE_QUALIFICATION = Refusal(
    "service_outside_qualification",
    _("Votre structure n’est pas qualifiée pour ce service."),
    _("Choisissez un autre service, ou demandez l’extension de votre qualification."),
)
SERVICE_NOT_OFFERED = Refusal(
    "service_not_offered",
    _("Ce lieu ne propose pas ce service dans ce dispositif."),
    _("Choisissez un service proposé par ce lieu, ou ajoutez-le à son offre."),
)

# 5. The price respects the offer and the ceilings.
ABOVE_PRICE = Refusal(
    "above_price",
    _("Ce service coûte %(price)s pass : vous en demandez %(asked)s."),
    _("Corrigez le nombre de pass."),
)
SESSION_CEILING = Refusal(
    "session_ceiling",
    _("Le dispositif limite à %(ceiling)s pass par séance pour une même personne."),
    _("Les pass restants serviront à une autre séance."),
)
DAY_CEILING = Refusal(
    "day_ceiling",
    _("Le dispositif limite à %(ceiling)s pass par jour pour une même personne."),
    _("Les pass restants serviront un autre jour."),
)
PERSON_CEILING = Refusal(
    "person_ceiling",
    _("Cette personne a utilisé les %(ceiling)s pass que le dispositif lui accorde."),
    _("Renseignez-vous auprès du référent du dispositif."),
)

# 6. The passes asked are unused.
ALREADY_USED = Refusal(
    "already_used",
    _("Ce pass a déjà été utilisé."),
    _("Utilisez un autre pass du chéquier."),
)
NOT_ENOUGH_PASSES = Refusal(
    "not_enough_passes",
    _("Pass encore utilisables sur ce chéquier : %(left)s. Vous en demandez %(asked)s."),
    _("S’il en reste, demandez-en moins. Sinon, prenez un autre chéquier de la personne."),
)
ONE_PASS_CODE = Refusal(
    "one_pass_code",
    _("Ce code est celui d’un seul pass : vous en demandez %(asked)s."),
    _("Scannez la couverture du chéquier pour en utiliser plusieurs."),
)

SHARED_BOOKLET = Refusal(
    "shared_booklet",
    _("Ce chéquier est partagé entre plusieurs personnes."),
    _("Scannez le pass lui-même, ou tapez son numéro complet."),
)

OFFLINE_QUEUE_FULL = Refusal(
    "offline_queue_full",
    _("Cet appareil gardait déjà hors ligne les %(most)s pass que le dispositif permet."),
    _("Appelez la tête de réseau du dispositif. La prochaine fois, connectez l’appareil avant d’en arriver là."),
)

#: Every reason a scan may be refused for, in the order of the rules (section "Rules of redemption" of the domain).
SCAN_REFUSALS = (
    MALFORMED, IDENTIFIER_TAKEN,
    UNREADABLE, WRONG_CHECK_CHARACTER, UNKNOWN_KEY, REVOKED_KEY, FORGED, UNKNOWN_BOOKLET, POSITION_OUT_OF_RANGE,
    BLOCKED, INERT, NOT_HANDED_OVER,
    EXPIRED, NOT_YET_VALID, PROGRAMME_SUSPENDED, CLOCK_AHEAD, TOO_LATE,
    OPERATOR_NOT_QUALIFIED, MEDIATOR_NOT_TRAINED, MEDIATOR_UNKNOWN, VENUE_UNKNOWN, VENUE_CLOSED,
    VENUE_OUTSIDE_TERRITORY, SERVICE_UNKNOWN, SERVICE_OUTSIDE_PROGRAMME, SERVICE_OUTSIDE_QUALIFICATION,
    SERVICE_NOT_OFFERED,
    ABOVE_PRICE, SESSION_CEILING, DAY_CEILING, PERSON_CEILING,
    ALREADY_USED, NOT_ENOUGH_PASSES, ONE_PASS_CODE, SHARED_BOOKLET, OFFLINE_QUEUE_FULL,
)  # fmt: skip
