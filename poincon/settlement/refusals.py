"""Every reason to refuse to close a month, to pay, or to undo either."""

from django.utils.translation import gettext_lazy as _

from poincon.kernel.refusals import Refusal

MONTH_NOT_ENDED = Refusal(
    "month_not_ended",
    _("Le mois %(month)s n’est pas terminé : des pass peuvent encore y être utilisés."),
    _("Il pourra être arrêté à partir du %(day)s."),
)
NOT_CANCELLABLE = Refusal(
    "statement_not_cancellable",
    _("Le relevé %(number)s est « %(state)s » : il ne peut plus être annulé."),
    _("Si son paiement est en cours, abandonnez l’ordre de paiement ou notez le rejet du virement d’abord."),
)
CORRECTED_ELSEWHERE = Refusal(
    "statement_corrected_elsewhere",
    _("Des pass du relevé %(number)s sont déjà repris sur un autre relevé : %(others)s."),
    _("Annulez d’abord le relevé qui les reprend."),
)
REASON_MISSING = Refusal(
    "reason_missing",
    _("Le motif est vide."),
    _("Écrivez en quelques mots pourquoi : il sera gardé dans le journal."),
)
PERSON_REQUIRED = Refusal(
    "person_required",
    _("Un ordre de paiement se prépare et s’approuve au nom d’une personne, jamais au nom du service."),
    _("Connectez-vous, ou indiquez à la commande le courriel de la personne qui agit."),
)
NOTHING_TO_PAY = Refusal(
    "nothing_to_pay",
    _("Aucun relevé de ce dispositif n’est à payer."),
    _("Arrêtez un mois, puis préparez l’ordre de paiement."),
)
NOT_PAYABLE = Refusal(
    "statement_not_payable",
    _("Ces relevés ne sont pas à payer dans ce dispositif : %(numbers)s."),
    _("Retirez-les de la sélection."),
)
PUBLIC_PAYER = Refusal(
    "public_payer",
    _("%(payer)s est un organisme public : seul son comptable public peut payer, un virement SEPA n’est pas permis."),
    _("Choisissez l’état liquidatif, ou le virement de la régie d’avances si une régie est instituée."),
)
NO_REGIE = Refusal(
    "payer_has_no_regie",
    _("%(payer)s n’est pas un organisme public : il n’a pas de régie d’avances."),
    _("Choisissez le virement SEPA."),
)
PAYER_ACCOUNT_MISSING = Refusal(
    "payer_account_missing",
    _("Le compte bancaire à débiter n’est pas enregistré pour %(payer)s."),
    _("Enregistrez son IBAN, puis préparez l’ordre de paiement."),
)
PAYER_ACCOUNT_CHANGED = Refusal(
    "payer_account_changed",
    _("Le compte à débiter de %(payer)s a changé depuis l’approbation de cet ordre de paiement."),
    _("Notez ses paiements comme rejetés, puis préparez et faites approuver un nouvel ordre."),
)
ACCOUNTS_MISSING = Refusal(
    "operator_accounts_missing",
    _("Rien n’a été préparé : le compte bancaire manque pour %(operators)s."),
    _("Enregistrez ces comptes, ou retirez ces relevés de la sélection."),
)
BATCH_STATE = Refusal(
    "payment_batch_state",
    _("L’ordre de paiement n° %(batch)s est « %(state)s » : cette action n’est plus, ou pas encore, possible."),
    _("Rechargez la page pour voir où il en est."),
)
SAME_PERSON = Refusal(
    "same_person",
    _("Vous avez préparé cet ordre de paiement : vous ne pouvez pas l’approuver vous-même."),
    _("Demandez à une autre personne habilitée de l’approuver."),
)
ACCOUNTS_CHANGED = Refusal(
    "operator_accounts_changed",
    _("Le compte bancaire a changé depuis la préparation pour %(operators)s."),
    _("Abandonnez cet ordre de paiement et préparez-en un nouveau."),
)
PAYMENT_STATE = Refusal(
    "payment_state",
    _("Ces paiements ne sont pas en attente dans cet ordre : %(references)s."),
    _("Rechargez la page pour voir où en est l’ordre de paiement."),
)
ALREADY_REJECTED = Refusal(
    "payment_already_rejected",
    _("Le paiement %(reference)s est déjà noté comme rejeté."),
    _("Le relevé est de nouveau à payer : préparez un nouvel ordre de paiement."),
)
DATE_OUT_OF_BOUNDS = Refusal(
    "payment_date_out_of_bounds",
    _("La date du %(day)s n’est pas possible : elle doit aller du %(first)s au %(last)s."),
    _("Indiquez le jour lu sur le relevé de banque."),
)
ONLY_THAT_DAY = Refusal(
    "payment_date_out_of_bounds",
    _("La date du %(day)s n’est pas possible : l’ordre est du %(last)s, aujourd’hui."),
    _("Indiquez ce jour, ou revenez quand la banque aura répondu."),
)
NOT_A_TRANSFER = Refusal(
    "payment_batch_not_a_transfer",
    _("L’ordre de paiement n° %(batch)s passe par le comptable public : il n’a pas de fichier de virements."),
    _("Imprimez son état liquidatif."),
)
UNKNOWN_COLUMNS = Refusal(
    "unknown_columns",
    _("Ces colonnes n’existent pas : %(columns)s."),
    _("Choisissez parmi : %(known)s."),
)
