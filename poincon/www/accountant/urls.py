from django.urls import path

from poincon.organisations.enums import Role
from poincon.passes.permissions import SEE_BATCHES
from poincon.settlement.permissions import (
    APPROVE_PAYMENTS,
    CANCEL_STATEMENT,
    CLOSE_MONTH,
    PREPARE_PAYMENTS,
    RECORD_PAYMENTS,
    SEE_PAYMENTS,
    SEE_STATEMENTS,
)
from poincon.www.accountant.views import accounts, home, orders, register, statements
from poincon.www.base.rights import for_roles, requires

app_name = "accountant"
urlpatterns = [
    path("", for_roles(Role.ACCOUNTANT)(home.home), name="home"),
    path("releves/", requires(SEE_STATEMENTS)(statements.statements), name="statements"),
    path("releves/<int:statement_id>/", requires(SEE_STATEMENTS)(statements.statement), name="statement"),
    path("releves/<int:statement_id>/pdf", requires(SEE_STATEMENTS)(statements.statement_paper), name="statement_pdf"),
    path("releves/<int:statement_id>/csv", requires(SEE_STATEMENTS)(statements.statement_rows), name="statement_csv"),
    path("releves/<int:statement_id>/annuler/", requires(CANCEL_STATEMENT)(statements.cancel), name="cancel_statement"),
    path("mois/", requires(CLOSE_MONTH)(statements.close), name="close_month"),
    path("ordres/", requires(SEE_PAYMENTS)(orders.orders), name="orders"),
    path("ordres/preparer/", requires(PREPARE_PAYMENTS)(orders.prepare), name="prepare"),
    path("ordres/<int:payment_batch_id>/", requires(SEE_PAYMENTS)(orders.order), name="order"),
    path("ordres/<int:payment_batch_id>/approuver/", requires(APPROVE_PAYMENTS)(orders.approve), name="approve"),
    path("ordres/<int:payment_batch_id>/abandonner/", requires(PREPARE_PAYMENTS)(orders.abandon), name="abandon"),
    path("ordres/<int:payment_batch_id>/payer/", requires(RECORD_PAYMENTS)(orders.confirm), name="confirm"),
    path("ordres/<int:payment_batch_id>/pdf", requires(SEE_PAYMENTS)(orders.paper), name="order_pdf"),
    path("ordres/<int:payment_batch_id>/csv", requires(SEE_PAYMENTS)(orders.rows), name="order_csv"),
    path("ordres/<int:payment_batch_id>/pass", requires(SEE_PAYMENTS)(orders.passes), name="order_passes"),
    path("ordres/<int:payment_batch_id>/sepa", requires(SEE_PAYMENTS)(orders.transfers), name="order_sepa"),
    path("paiements/<int:payment_id>/rejeter/", requires(RECORD_PAYMENTS)(orders.reject), name="reject"),
    path("comptes/", requires(SEE_PAYMENTS)(accounts.accounts), name="accounts"),
    path("registre/", requires(SEE_BATCHES)(register.register), name="register"),
    path("registre/pdf", requires(SEE_BATCHES)(register.paper), name="register_pdf"),
]
