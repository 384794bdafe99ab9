from tests.browser.sweep.audiences import each_page_of

test_page = each_page_of("operator")
