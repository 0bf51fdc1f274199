package io.breakwater.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.breakwater.backend.Backends;
import io.breakwater.breaker.FleetBreaker;
import io.breakwater.function.AwsClients;
import io.breakwater.function.Settings;
import io.breakwater.job.DynamoDbJobStore;
import io.breakwater.job.JobStore;
import io.breakwater.json.Json;
import io.breakwater.local.Functions;
import io.breakwater.local.LocalOptions;
import io.breakwater.local.LocalPipeline;
import io.breakwater.result.ResultStore;
import io.breakwater.result.S3ResultStore;
import io.breakwater.tenant.DynamoDbSlotStore;
import io.breakwater.tenant.SlotStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** A local pipeline on a free port and the chosen backend, and what a user does with one. */
public final class Pipeline implements AutoCloseable {
    private static final Set<String> FINAL = Set.of("SUCCEEDED", "FAILED", "EXPIRED", "CANCELLED");
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final LocalPipeline pipeline;
    private final HttpClient http = HttpClient.newHttpClient();
    private final SdkHttpClient awsHttp = Apache5HttpClient.create();
    private final SqsClient sqs;
    private final S3Client s3;
    private final S3Presigner presigner;
    private final DynamoDbClient dynamoDb;

    private Pipeline(LocalPipeline pipeline) {
        this.pipeline = pipeline;
        AwsClients clients = new AwsClients(pipeline.settings(), awsHttp);
        this.sqs = clients.sqs();
        this.s3 = clients.s3();
        this.presigner = clients.s3Presigner();
        this.dynamoDb = clients.jobs();
    }

    /** A pipeline whose configuration is this text, kept in the directory. */
    static Pipeline startWith(String chain, Path directory, UnaryOperator<LocalOptions> options, Functions functions) {
        try {
            Path config = Files.writeString(directory.resolve("chain.yaml"), chain);
            return start(options.apply(LocalOptions.DEFAULTS.withConfig(config.toString())), functions);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Pipeline startWith(String chain, Path directory, UnaryOperator<LocalOptions> options) {
        return startWith(chain, directory, options, Functions.DEPLOYED);
    }

    static Pipeline startWith(String chain, Path directory) {
        return startWith(chain, directory, options -> options);
    }

    static Pipeline start(LocalOptions options) {
        return start(options, Functions.DEPLOYED);
    }

    public static Pipeline start(LocalOptions options, Functions functions) {
        try {
            return new Pipeline(LocalPipeline.start(options, functions, Backends.chosen()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Submits a prompt that must be accepted. */
    String submit(String prompt) {
        return submit(Map.of("prompt", prompt));
    }

    /** Submits so many jobs and waits for their ends. */
    List<JsonNode> serve(int jobs) {
        List<String> ids = IntStream.range(0, jobs)
                .mapToObj(number -> submit("job " + number))
                .toList();
        return ids.stream().map(this::awaitEnd).toList();
    }

    /** Submits a job that must be accepted; returns its id. */
    String submit(Map<String, ?> request) {
        HttpResponse<byte[]> response = post(json(request).getBytes(StandardCharsets.UTF_8), Map.of());
        assertThat(response.statusCode()).as(text(response)).isEqualTo(202);
        String id = json(response).path("id").asText();
        assertThat(response.headers().firstValue("location")).hasValue("/jobs/" + id);
        return id;
    }

    public HttpResponse<byte[]> post(byte[] body, Map<String, String> headers) {
        HttpRequest.Builder request = request("/jobs").POST(BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        return send(request.header("content-type", "application/json"));
    }

    HttpResponse<byte[]> get(String path) {
        return send(request(path).GET());
    }

    HttpResponse<byte[]> delete(String path) {
        return send(request(path).DELETE());
    }

    public JsonNode job(String id) {
        return json(get("/jobs/" + id));
    }

    /** The job once its status is final. */
    JsonNode awaitEnd(String id) {
        return await("job " + id + " ends")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> job(id), job -> FINAL.contains(job.path("status").asText()));
    }

    /** What the model said, by way of the presigned URL. */
    public byte[] result(String id) {
        HttpResponse<byte[]> redirect = get("/jobs/" + id + "/result");
        assertThat(redirect.statusCode()).as(text(redirect)).isEqualTo(302);
        URI location = URI.create(redirect.headers().firstValue("location").orElseThrow());
        return send(HttpRequest.newBuilder(location).GET()).body();
    }

    void setFault(String region, String model, String fault) {
        setFault(Map.of("region", region, "model", model, "fault", fault));
    }

    /** Sets a fault as the simulator's API takes it. */
    public void setFault(Map<String, ?> fault) {
        String body = json(fault);
        assertThat(send(request("/simulator/faults").PUT(BodyPublishers.ofString(body)))
                        .statusCode())
                .isEqualTo(200);
    }

    public void liftFaults() {
        send(request("/simulator/faults").DELETE());
    }

    void setLatency(int millis) {
        String body = json(Map.of("medianMillis", millis, "p99Millis", millis));
        send(request("/simulator/latency").PUT(BodyPublishers.ofString(body)));
    }

    /** Model calls that reached the simulator for this region and model; {@code *} for any. */
    int calls(String region, String model) {
        return StreamSupport.stream(
                        json(get("/simulator/stats")).path("endpoints").spliterator(), false)
                .filter(endpoint ->
                        region.equals("*") || endpoint.path("region").asText().equals(region))
                .filter(endpoint ->
                        model.equals("*") || endpoint.path("model").asText().equals(model))
                .mapToInt(endpoint -> endpoint.path("calls").asInt())
                .sum();
    }

    JsonNode endpoint(String region, String alias) {
        return json(get("/endpoints/" + region + "/" + alias));
    }

    /** Again while the breakers' store is slow to answer, as an operator would. */
    void putOverride(String region, String alias, String body) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            HttpResponse<byte[]> response = send(request("/endpoints/" + region + "/" + alias + "/override")
                    .header("content-type", "application/json")
                    .PUT(BodyPublishers.ofString(body)));
            assertThat(response.statusCode()).as(text(response)).isEqualTo(200);
        });
    }

    /** Waits until every worker has heard of the state that the endpoint is in now. */
    void awaitHeardByAll(String region, String alias) {
        Instant since = Instant.parse(endpoint(region, alias).path("since").asText());
        await().atMost(PATIENCE).until(() -> Instant.now().isAfter(since.plus(FleetBreaker.CLOSED_FRESHNESS)));
    }

    /** Waits until no message waits or is being worked on. */
    public void awaitEmptyQueue() {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> assertThat(sqs.getQueueAttributes(
                                        get -> get.queueUrl(jobQueueUrl()).attributeNamesWithStrings("All"))
                                .attributesAsStrings())
                        .containsEntry("ApproximateNumberOfMessages", "0")
                        .containsEntry("ApproximateNumberOfMessagesNotVisible", "0"));
    }

    /** The bodies of the messages that were kept because they name no job. */
    List<String> poison() {
        return s3
                .listObjectsV2(list -> list.bucket(settings().resultsBucket()).prefix(ResultStore.POISON))
                .contents()
                .stream()
                .map(S3Object::key)
                .map(key -> Json.read(results().get(key), JsonNode.class)
                        .path("body")
                        .asText())
                .toList();
    }

    /** The jobs as the functions have them. */
    public JobStore jobs() {
        return new DynamoDbJobStore(dynamoDb, settings().jobsTable(), results(), InstantSource.system());
    }

    /** The slots of tenants as the workers have them. */
    SlotStore slots() {
        return new DynamoDbSlotStore(dynamoDb, settings().endpointsTable());
    }

    private S3ResultStore results() {
        return new S3ResultStore(s3, presigner, settings().resultsBucket());
    }

    public SqsClient sqs() {
        return sqs;
    }

    /** The environment variables of the functions. */
    public Map<String, String> environment() {
        return pipeline.environment();
    }

    public Settings settings() {
        return pipeline.settings();
    }

    /** Has a message that was delivered and not deleted delivered again after this long. */
    public void hideDeliveredFor(Duration visibility) {
        sqs.setQueueAttributes(set -> set.queueUrl(jobQueueUrl())
                .attributes(Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, Long.toString(visibility.toSeconds()))));
    }

    public String jobQueueUrl() {
        return pipeline.settings().jobQueueUrl();
    }

    String deadLetterQueueUrl() {
        return pipeline.resources().deadLetterQueueUrl();
    }

    static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    public static JsonNode json(HttpResponse<byte[]> response) {
        try {
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(text(response), e);
        }
    }

    public static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(pipeline.uri().resolve(path));
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) {
        try {
            return http.send(request.timeout(PATIENCE).build(), BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        http.close();
        sqs.close();
        s3.close();
        presigner.close();
        dynamoDb.close();
        awsHttp.close();
        pipeline.close();
    }
}
