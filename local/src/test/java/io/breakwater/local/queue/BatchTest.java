package io.breakwater.local.queue;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sqs.model.Message;

class BatchTest {
    private static final Message A = Message.builder().messageId("a").build();
    private static final Message B = Message.builder().messageId("b").build();
    private static final Message C = Message.builder().messageId("c").build();

    private final Batch batch = new Batch(List.of(A, B, C));

    @Test
    void exactlyTheListedMessagesFail() {
        assertThat(batch.failed(listing("a", "c"))).containsExactly(A, C);
    }

    @Test
    void aMessageListedTwiceFailsOnce() {
        assertThat(batch.failed(listing("b", "b"))).containsExactly(B);
    }

    @Test
    void noAnswerIsSuccessOfAll() {
        assertThat(batch.failed(null)).isEmpty();
    }

    @Test
    void anAnswerWithoutAListIsSuccessOfAll() {
        assertThat(batch.failed(new SQSBatchResponse(null))).isEmpty();
    }

    @Test
    void anEmptyListIsSuccessOfAll() {
        assertThat(batch.failed(listing())).isEmpty();
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = {"unknown", " "})
    void anIdentifierThatNamesNoMessageFailsAll(@Nullable String identifier) {
        assertThat(batch.failed(listing("a", identifier))).containsExactly(A, B, C);
    }

    private static SQSBatchResponse listing(@Nullable String... identifiers) {
        return new SQSBatchResponse(
                Arrays.stream(identifiers).map(BatchItemFailure::new).toList());
    }
}
