package io.breakwater.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The page says what the prices and the stated usage come to. */
class CostPageTest {
    private final CostPage page = new CostPage(Costs.stated());
    private final String text;

    CostPageTest() throws IOException {
        text = Files.readString(Path.of("..", "docs", "cost.md"));
    }

    @Test
    void theTableOfRequestsIsUpToDate() {
        assertThat(text).contains(page.requests());
    }

    @Test
    void theTableOfAllElseIsUpToDate() {
        assertThat(text).contains(page.beside());
    }

    @Test
    void thePricesHaveTheirDate() {
        assertThat(text).contains(Costs.stated().asOf());
    }
}
