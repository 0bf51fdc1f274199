package io.breakwater.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobMessageTest {
    @Test
    void aMessageIsReadAsItWasWritten() {
        JobMessage message = new JobMessage("01jx", 3);
        assertThat(message.body()).isEqualTo("{\"jobId\":\"01jx\",\"generation\":3}");
        assertThat(JobMessage.parse(message.body())).isEqualTo(message);
    }

    @Test
    void aSuspectSaysSo() {
        JobMessage message = new JobMessage("01jx", 3).suspected();
        assertThat(message.body()).isEqualTo("{\"jobId\":\"01jx\",\"generation\":3,\"suspect\":true}");
        assertThat(JobMessage.parse(message.body())).isEqualTo(message);
    }

    @Test
    void fieldsOfANewerVersionAreLeftAlone() {
        assertThat(JobMessage.parse("{\"jobId\":\"01jx\",\"generation\":0,\"sentBy\":\"sweeper\"}"))
                .isEqualTo(new JobMessage("01jx", 0));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '|',
            value = {
                "~~ | jobId",
                "hello | not JSON",
                "{\"jobId\":\"x\" | not JSON",
                "{\"jobId\":\"x\",\"generation\":0} {} | not JSON",
                "{\"jobId\":\"x\",\"jobId\":\"y\",\"generation\":0} | not JSON",
                "null | jobId",
                "[] | jobId",
                "{} | jobId",
                "{\"jobId\":7,\"generation\":0} | jobId",
                "{\"jobId\":\"\",\"generation\":0} | jobId",
                "{\"jobId\":\"x\"} | generation",
                "{\"jobId\":\"x\",\"generation\":-1} | generation",
                "{\"jobId\":\"x\",\"generation\":1.5} | generation",
                "{\"jobId\":\"x\",\"generation\":\"1\"} | generation",
                "{\"jobId\":\"x\",\"generation\":3000000000} | generation"
            })
    void whatIsNoMessageIsRefusedWithTheReason(String body, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JobMessage.parse(body))
                .withMessageContaining("not a job's message")
                .withMessageContaining(reason)
                .withMessageContaining(body);
    }

    @Test
    void aLongBodyIsNotRepeatedWhole() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JobMessage.parse("x".repeat(100_000)))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(1_000));
    }
}
