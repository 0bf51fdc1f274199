package io.breakwater.function.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.tests.EventLoader;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.breakwater.job.InMemoryJobQueue.Sent;
import io.breakwater.job.JobMessage;
import io.breakwater.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SampleEventsTest {
    private static final Path EVENTS = Path.of("..", "events");
    private static final String TENANT = "arn:aws:sts::111122223333:assumed-role/Reporting";
    private static final String ID = "01JDGQ7M3V9K4T8Z2X5Y6W7B8C";

    private final Api api = new Api();

    @ParameterizedTest
    @CsvSource({
        "submit-job, 202",
        "submit-job-jwt, 202",
        "submit-job-base64, 202",
        "submit-job-invalid, 400",
        "list-jobs, 200",
        "get-job, 200",
        "get-result, 302",
        "cancel-job, 409",
        "list-endpoints, 200",
        "get-endpoint, 200",
        "override-endpoint, 200",
        "get-health, 200",
    })
    void theRequestFunctionServesTheEvent(String name, int status) {
        api.store(Jobs.succeeded(ID, TENANT));

        APIGatewayV2HTTPResponse response = serve(name);

        assertThat(response.getStatusCode()).as(response.getBody()).isEqualTo(status);
    }

    @Test
    void anIamCallersJobBelongsToItsRole() {
        serve("submit-job");

        assertThat(api.sent()).extracting(Sent::tenant).containsExactly(TENANT);
    }

    @Test
    void aTokenCallersJobBelongsToItsIssuerAndSubject() {
        serve("submit-job-jwt");

        assertThat(api.sent())
                .extracting(Sent::tenant)
                .containsExactly("https://cognito-idp.us-east-1.amazonaws.com/us-east-1_EXAMPLE"
                        + "#5f0c6a2e-7b0c-4d1c-9b2a-190807060504");
    }

    @Test
    void theWorkersBatchHoldsMessages() throws JsonProcessingException {
        List<SQSEvent.SQSMessage> records = load("worker-batch").getRecords();

        assertThat(records).hasSize(2);
        assertThat(Json.MAPPER.readValue(records.getFirst().getBody(), JobMessage.class))
                .isEqualTo(new JobMessage(ID, 0));
    }

    @Test
    void thePoisonedBatchHoldsOneThatIsNone() {
        List<SQSEvent.SQSMessage> records = load("worker-batch-poison").getRecords();

        assertThatThrownBy(() -> Json.MAPPER.readValue(records.getLast().getBody(), JobMessage.class))
                .isInstanceOf(JsonProcessingException.class);
    }

    @Test
    void everyRequestEventIsTried() throws IOException {
        try (var files = Files.list(EVENTS)) {
            assertThat(files.map(file -> file.getFileName().toString())
                            .filter(name -> !name.matches("(worker|sweeper|dead-letter)-.*"))
                            .filter(name -> name.endsWith(".json")))
                    .hasSize(12);
        }
    }

    private APIGatewayV2HTTPResponse serve(String name) {
        APIGatewayV2HTTPEvent event = EventLoader.loadApiGatewayHttpEvent(
                EVENTS.resolve(name + ".json").toString());
        APIGatewayV2HTTPResponse response = api.function().handleRequest(event, new FakeContext("invocation-1"));
        OpenApi.check(event.getRequestContext().getHttp().getMethod(), event.getRawPath(), response);
        return response;
    }

    private static SQSEvent load(String name) {
        return EventLoader.loadSQSEvent(EVENTS.resolve(name + ".json").toString());
    }
}
