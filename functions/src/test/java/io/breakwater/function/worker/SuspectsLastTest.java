package io.breakwater.function.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import io.breakwater.job.JobMessage;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SuspectsLastTest {
    private final SQSMessage fresh = message("a", 1);
    private final SQSMessage alsoFresh = message("b", 1);
    private final SQSMessage redelivered = message("c", 2);
    private final SQSMessage poison = withBody("no message", 1);
    private final SQSMessage markedSuspect =
            withBody(new JobMessage("d", 1).suspected().body(), 1);

    @Test
    void whatIsFreshIsServedTogetherAndEachSuspectAfterItAlone() {
        assertThat(SuspectsLast.groups(List.of(redelivered, fresh, markedSuspect, poison, alsoFresh)))
                .containsExactly(List.of(fresh, poison, alsoFresh), List.of(redelivered), List.of(markedSuspect));
    }

    @Test
    void aMessageWithoutAttributesIsFresh() {
        fresh.setAttributes(null);

        assertThat(SuspectsLast.isRedelivered(fresh)).isFalse();
    }

    private static SQSMessage message(String jobId, int receives) {
        return withBody(new JobMessage(jobId, 0).body(), receives);
    }

    private static SQSMessage withBody(String body, int receives) {
        SQSMessage message = new SQSMessage();
        message.setBody(body);
        message.setAttributes(Map.of("ApproximateReceiveCount", Integer.toString(receives)));
        return message;
    }
}
