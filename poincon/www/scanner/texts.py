"""What the scripts of the scanner say. Scripts have no catalogue: the page brings them its own language's texts.

A key that ends in ``.one`` or ``.other`` is the singular or the plural of a number (poincon/scanner/texts.js). Where
French writes both alike and other languages do not, each has a context of its own.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

TEXTS = {
    # The line, the queue, the age of what the phone knows.
    "online": _("En ligne"),
    "offline": _("Hors ligne"),
    "online_long": _("En ligne : chaque réponse vient du serveur."),
    "offline_long": _("Hors ligne : le scanner répond avec ce qu’il sait, et enverra tout dès que le réseau revient."),
    "fresh_state": _("à jour"),
    "no_state": _("rien de reçu encore"),
    "state_of": _("état reçu %(moment)s"),
    "state_long": _("Dernier état reçu %(moment)s."),
    "waiting.one": pgettext_lazy("un seul", "%(number)s à envoyer"),
    "waiting.other": _("%(number)s à envoyer"),
    "waiting_long.one": _("%(number)s poinçon ou annulation attend d’être envoyé."),
    "waiting_long.other": _("%(number)s poinçons ou annulations attendent d’être envoyés."),
    "nothing_waits": _("Rien n’attend d’être envoyé."),
    "synced": _("Tout est à jour."),
    "not_synced": _("Pas de réseau pour le moment : le scanner réessaiera tout seul."),
    "at": _("à %(time)s"),
    "on_at": _("le %(day)s à %(time)s"),
    # What must be known before punching on.
    "late.one": _("%(number)s poinçon accepté hors ligne a été refusé ensuite."),
    "late.other": _("%(number)s poinçons acceptés hors ligne ont été refusés ensuite."),
    "see": _("Voir quoi faire"),
    "ahead.one": _("L’heure de ce téléphone avance de %(number)s heure environ. Corrigez-la dans ses réglages."),
    "ahead.other": _("L’heure de ce téléphone avance de %(number)s heures environ. Corrigez-la dans ses réglages."),
    "behind.one": _("L’heure de ce téléphone retarde de %(number)s heure environ. Corrigez-la dans ses réglages."),
    "behind.other": _("L’heure de ce téléphone retarde de %(number)s heures environ. Corrigez-la dans ses réglages."),
    "storage_low": _(
        "La mémoire de ce téléphone est presque pleine. Libérez de la place : effacez des photos ou vidéos."
    ),
    "update_ready": _("Une nouvelle version du scanner est prête. Rien de ce qui attend n’est perdu."),
    "update": _("Mettre à jour"),
    # Where, for what.
    "choose_place": _("Choisir un lieu et un service"),
    "place_chosen": _("Lieu et service choisis."),
    "no_venue": _(
        "Aucun lieu de votre structure ne propose de service. Demandez à votre responsable de compléter l’offre."
    ),
    # Passes.
    "passes.one": pgettext_lazy("un seul", "%(number)s pass"),
    "passes.other": pgettext_lazy("plusieurs", "%(number)s pass"),
    "punch.one": pgettext_lazy("un seul", "Poinçonner %(number)s pass"),
    "punch.other": _("Poinçonner %(number)s pass"),
    "left.one": pgettext_lazy("un seul", "Il reste %(number)s pass."),
    "left.other": _("Il reste %(number)s pass."),
    # How many passes of a whole booklet: why no more are offered.
    "bound_price.one": pgettext_lazy("un seul", "Le service choisi coûte %(number)s pass."),
    "bound_price.other": _("Le service choisi coûte %(number)s pass."),
    "bound_session.one": pgettext_lazy("un seul", "Pour cette séance, le dispositif permet encore %(number)s pass."),
    "bound_session.other": _("Pour cette séance, le dispositif permet encore %(number)s pass."),
    "bound_day.one": pgettext_lazy("un seul", "Aujourd’hui, le dispositif permet encore %(number)s pass."),
    "bound_day.other": _("Aujourd’hui, le dispositif permet encore %(number)s pass."),
    "left_of": _("Pass restants : %(left)s sur %(size)s"),
    "positions.one": pgettext_lazy("un seul", "pass %(positions)s"),
    "positions.other": _("pass %(positions)s"),
    "booklet": _("Chéquier %(number)s"),
    "valid_until": _("Valable jusqu’au %(day)s"),
    "undo_until": _("possible jusqu’à %(time)s"),
    # The number, while it is typed.
    "missing.one": _("Encore %(number)s signe."),
    "missing.other": _("Encore %(number)s signes."),
    "right_number": _("Numéro juste."),
    "wrong_number": _("Un signe est faux : relisez le numéro imprimé sous le code."),
    # The history of the day and the slip.
    "state_confirmed": _("Confirmé"),
    "state_waiting": _("En attente"),
    "state_refused": _("Refusé"),
    "state_annulled": _("Annulé"),
    "unknown_number": _("Code non reconnu"),
    "undo": _("Annuler"),
    "undo_this": _("Annuler le poinçon de %(time)s, chéquier %(number)s"),
    "read": _("J’ai lu"),
    "read_this": _("J’ai lu le refus de %(time)s, chéquier %(number)s"),
    "slip_operator": _("Structure"),
    "slip_person": _("Personne"),
    "slip_venue": _("Lieu"),
    "slip_service": _("Service"),
    "slip_day": _("Jour"),
    "slip_waiting.one": _("%(number)s poinçon pris hors ligne reste à confirmer : gardez le pass jusque-là."),
    "slip_waiting.other": _("%(number)s poinçons pris hors ligne restent à confirmer : gardez les pass jusque-là."),
    # This telephone.
    "title_sign_in": _("Connectez-vous pour commencer"),
    "title_enrol": _("Utiliser ce téléphone comme scanner"),
    "title_refused": _("Ce téléphone ne peut pas servir de scanner"),
    "title_preparing": _("Le scanner se prépare"),
    "title_revoked": _("Ce téléphone a été retiré : ses données sont effacées"),
    "title_unable": _("Le scanner ne peut pas marcher ici"),
    "not_kept": _(
        "Ce navigateur ne garde pas le scanner : sans réseau, il ne s’ouvrira pas. Laissez cette page ouverte, ou "
        "prenez un autre navigateur, hors navigation privée."
    ),
    "title_away": _("Pas de réseau pour le moment"),
    "away": _(
        "La première fois, le scanner a besoin du réseau. Rapprochez-vous d’un Wi-Fi ou d’une fenêtre, puis réessayez."
    ),
    "forbidden": _(
        "Votre compte ne permet pas de poinçonner. Demandez à votre responsable de vous inscrire comme médiateur."
    ),
    "who": _("%(person)s, pour %(operator)s."),
    "telephone_of": _("Téléphone de %(person)s"),
    "device_label": _("Nom de ce téléphone"),
    "sign_out_waiting.one": _(
        "%(number)s poinçon n’est pas encore envoyé. Trouvez du réseau puis synchronisez. "
        "Si vous quittez quand même, il reste gardé ici et partira tout seul quand cette page aura du réseau."
    ),
    "sign_out_waiting.other": _(
        "%(number)s poinçons ne sont pas encore envoyés. Trouvez du réseau puis synchronisez. "
        "Si vous quittez quand même, ils restent gardés ici et partiront tout seuls quand cette page aura du réseau."
    ),
    "left_waiting.one": _(
        "%(number)s poinçon de l’ancien utilisateur n’est pas encore envoyé. Il partira tout seul dès que cette page "
        "aura du réseau : laissez-la ouverte, ou rouvrez-la."
    ),
    "left_waiting.other": _(
        "%(number)s poinçons de l’ancien utilisateur ne sont pas encore envoyés. Ils partiront tout seuls dès que "
        "cette page aura du réseau : laissez-la ouverte, ou rouvrez-la."
    ),
    "left_known_later": _(
        "Ce téléphone n’est plus utilisé. Votre structure le verra dès que cette page aura du réseau : laissez-la "
        "ouverte, ou rouvrez-la."
    ),
    "left_kept.one": _(
        "%(number)s poinçon n’a pas été envoyé. Il est gardé ici un mois, et partira si votre structure ajoute de "
        "nouveau ce téléphone."
    ),
    "left_kept.other": _(
        "%(number)s poinçons n’ont pas été envoyés. Ils sont gardés ici un mois, et partiront si votre structure "
        "ajoute de nouveau ce téléphone."
    ),
    "sign_out_anyway": _("Quitter quand même"),
}


def said_by_the_screen() -> dict[str, str]:
    """Each text in the language of the page, by its key."""
    return {key: str(text) for key, text in TEXTS.items()}
