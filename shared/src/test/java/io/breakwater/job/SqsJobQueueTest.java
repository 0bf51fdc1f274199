package io.breakwater.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqsJobQueueTest {
    @Test
    void aTenantsNameIsItsGroupWhereSqsTakesIt() {
        String role = "arn:aws:iam::123456789012:role/app";
        assertThat(SqsJobQueue.group(role)).isEqualTo(role);
        assertThat(SqsJobQueue.group("x".repeat(128))).isEqualTo("x".repeat(128));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two words", "Jörg", "line\nbreak"})
    void aTenantsNameThatSqsRefusesIsHashed(String tenant) {
        assertThat(SqsJobQueue.group(tenant)).matches("[0-9a-f]{64}");
    }

    @Test
    void aTenantsNameThatIsTooLongIsHashed() {
        assertThat(SqsJobQueue.group("x".repeat(129))).matches("[0-9a-f]{64}");
    }

    @Test
    void aDelayIsRoundedUpToWholeSeconds() {
        assertThat(SqsJobQueue.wholeSeconds(Duration.ZERO)).isZero();
        assertThat(SqsJobQueue.wholeSeconds(Duration.ofNanos(1))).isEqualTo(1);
        assertThat(SqsJobQueue.wholeSeconds(Duration.ofSeconds(1))).isEqualTo(1);
        assertThat(SqsJobQueue.wholeSeconds(JobQueue.MAX_DELAY)).isEqualTo(900);
    }

    @Test
    void aDelayThatSqsCannotKeepIsAMistake() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SqsJobQueue.wholeSeconds(JobQueue.MAX_DELAY.plusNanos(1)))
                .withMessageContaining("PT15M");
        assertThatIllegalArgumentException().isThrownBy(() -> SqsJobQueue.wholeSeconds(Duration.ofSeconds(-1)));
    }
}
