package io.breakwater.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.breakwater.backend.AwsClients;
import io.breakwater.backend.OnEveryBackend;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

@OnEveryBackend
class SqsJobQueueIT {
    private final AwsClients clients;
    private final String url;
    private final JobQueue queue;

    SqsJobQueueIT(AwsClients clients) {
        this.clients = clients;
        url = clients.sqs()
                .createQueue(create -> create.queueName("job-queue-" + UUID.randomUUID()))
                .queueUrl();
        queue = new SqsJobQueue(clients.sqs(), url);
    }

    @AfterEach
    void deleteQueue() {
        clients.sqs().deleteQueue(delete -> delete.queueUrl(url));
    }

    @Test
    void aMessageArrivesAsItWasSent() {
        // Given
        JobMessage message = new JobMessage("01jx", 3);

        // When
        queue.send(message, "tenant", Duration.ZERO);

        // Then
        assertThat(received())
                .singleElement()
                .satisfies(
                        arrived -> assertThat(JobMessage.parse(arrived.body())).isEqualTo(message));
    }

    @ParameterizedTest
    @ValueSource(strings = {"arn:aws:iam::123456789012:role/app", "two words", "Jörg", "\u0000"})
    void everyTenantHasAMessageGroup(String tenant) {
        // When
        queue.send(new JobMessage("01jx", 0), tenant, Duration.ZERO);

        // Then
        assertThat(received())
                .singleElement()
                .satisfies(arrived -> assertThat(arrived.attributes())
                        .containsEntry(MessageSystemAttributeName.MESSAGE_GROUP_ID, SqsJobQueue.group(tenant)));
    }

    @Test
    void aDelayedMessageComesLater() {
        // When
        queue.send(new JobMessage("later", 0), "tenant", Duration.ofSeconds(5));
        queue.send(new JobMessage("now", 0), "tenant", Duration.ZERO);

        // Then
        assertThat(received()).extracting(Message::body).containsExactly(new JobMessage("now", 0).body());
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(received())
                        .extracting(Message::body)
                        .containsExactly(new JobMessage("later", 0).body()));
    }

    private List<Message> received() {
        return clients.sqs()
                .receiveMessage(receive -> receive.queueUrl(url)
                        .maxNumberOfMessages(10)
                        .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
                .messages();
    }
}
