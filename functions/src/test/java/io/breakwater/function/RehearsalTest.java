package io.breakwater.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import io.breakwater.job.JobMessage;
import io.breakwater.job.JobStatus;
import io.breakwater.worker.JobEnd;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RehearsalTest {
    @BeforeAll
    static void setCredentials() {
        System.setProperty("aws.accessKeyId", "test");
        System.setProperty("aws.secretAccessKey", "test");
    }

    @AfterAll
    static void clearCredentials() {
        System.clearProperty("aws.accessKeyId");
        System.clearProperty("aws.secretAccessKey");
    }

    /** What it warms is the way of a job that is served, not that of an error. */
    @Test
    void onStageAJobIsServed() throws IOException {
        try (RecordingAws aws = new RecordingAws()) {
            WorkerServices stage = WorkerServices.rehearsing(aws.settings());
            try (Services services = stage.services()) {
                SQSEvent batch = Rehearsal.batch(services);
                JobMessage message =
                        JobMessage.parse(batch.getRecords().getFirst().getBody());

                assertThat(stage.worker(_ -> {})
                                .work(message, services.clock().instant().plus(Duration.ofMinutes(1))))
                        .contains(new JobEnd(JobStatus.SUCCEEDED, "primary", null));
            }
            assertThat(aws.requests()).isEmpty();
        }
    }
}
