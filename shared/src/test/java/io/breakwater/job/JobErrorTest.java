package io.breakwater.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JobErrorTest {
    @Test
    void aShortMessageIsKept() {
        String message = "x".repeat(JobError.MAX_MESSAGE_CHARS);
        assertThat(new JobError("TIMEOUT", message, null).message()).isEqualTo(message);
    }

    @Test
    void aLongMessageIsCutOffBetweenCharacters() {
        String message = "x".repeat(JobError.MAX_MESSAGE_CHARS - 1) + "🌊".repeat(10);
        assertThat(new JobError("TIMEOUT", message, null).message())
                .isEqualTo("x".repeat(JobError.MAX_MESSAGE_CHARS - 1) + "…");
    }
}
