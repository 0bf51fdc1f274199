package io.breakwater.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {
    private final RetryBudget budget = new RetryBudget();

    @Test
    void aNewWorkerHasNothingToSpend() {
        assertThat(budget.withdraw()).isFalse();
    }

    @Test
    void fiveFirstCallsPayForOneFurtherCall() {
        deposit(100);
        int spent = 0;
        for (int call = 0; call < 100; call++) {
            budget.deposit();
            spent += budget.withdraw() ? 1 : 0;
        }

        assertThat(spent).isBetween(20, 30);
    }

    @Test
    void savesUpTenCalls() {
        deposit(10_000);

        assertThat(IntStream.range(0, 100).filter(_ -> budget.withdraw()).count())
                .isEqualTo(10);
    }

    @Test
    void aCallThatWasNotMadeIsGivenBack() {
        deposit(5);

        assertThat(budget.withdraw()).isTrue();
        budget.giveBack();
        assertThat(budget.withdraw()).isTrue();
        assertThat(budget.withdraw()).isFalse();
    }

    private void deposit(int calls) {
        for (int call = 0; call < calls; call++) {
            budget.deposit();
        }
    }
}
