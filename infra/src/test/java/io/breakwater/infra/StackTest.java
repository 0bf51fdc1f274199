package io.breakwater.infra;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.config.ConfigurationReader;
import io.breakwater.function.Settings;
import io.breakwater.job.JobStore;
import io.breakwater.topology.FunctionSpec;
import io.breakwater.topology.TableSpec;
import io.breakwater.topology.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** What is deployed when nothing is chosen, against what the local pipeline emulates and what AWS requires. */
@EnabledIf(value = Node.IS_PRESENT, disabledReason = Node.WHY)
class StackTest {
    private static final String FUNCTION = "AWS::Lambda::Function";
    private static final String QUEUE = "AWS::SQS::Queue";
    private static final String TABLE = "AWS::DynamoDB::Table";
    private static final String BUCKET = "AWS::S3::Bucket";
    private static final String POLICY = "AWS::IAM::Policy";
    private static final String EVENT_SOURCE = "AWS::Lambda::EventSourceMapping";
    private static final String ROUTE = "AWS::ApiGatewayV2::Route";

    private static final Pattern SUM = Pattern.compile("SUM\\((\\w+)\\) FROM SCHEMA\\(Breakwater, (\\w+)\\)");

    private static Synthesised stack;

    @BeforeAll
    static void synthesise() {
        stack = Synthesised.with(Map.of());
    }

    @Test
    void functionsAreThoseOfTheTopology() {
        assertThat(stack.resources(FUNCTION)).hasSameSizeAs(Topology.FUNCTIONS);
        for (FunctionSpec spec : Topology.FUNCTIONS) {
            JsonNode function = function(spec);
            assertThat(function.path("Handler").asText()).isEqualTo(spec.handler());
            assertThat(function.path("Timeout").asLong())
                    .isEqualTo(spec.timeout().toSeconds());
            assertThat(function.path("MemorySize").asInt()).isEqualTo(spec.memoryMegabytes());
        }
    }

    /** API Gateway waits 30 s for a function, and Lambda would go on without it. */
    @Test
    void theRequestFunctionEndsBeforeItsCallerGivesUp() {
        assertThat(seconds(function(Topology.REQUEST), "Timeout")).isLessThan(Duration.ofSeconds(30));
    }

    @Test
    void functionsStartFromASnapshotAndAreTraced() {
        assertThat(stack.resources(FUNCTION).values()).allSatisfy(function -> {
            assertThat(function.path("Runtime").asText()).isEqualTo("java25");
            assertThat(function.at("/Architectures/0").asText()).isEqualTo("arm64");
            assertThat(function.at("/SnapStart/ApplyOn").asText()).isEqualTo("PublishedVersions");
            assertThat(function.at("/TracingConfig/Mode").asText()).isEqualTo("Active");
        });
    }

    /** The version without a name does not start from a snapshot. */
    @Test
    void whateverCallsAFunctionCallsItsAlias() {
        List<JsonNode> callers = new ArrayList<>(stack.resources(EVENT_SOURCE).values());
        callers.add(stack.resource("AWS::Events::Rule", "Sweep"));
        callers.add(stack.resource("AWS::ApiGatewayV2::Integration", "Api"));

        assertThat(callers)
                .hasSize(4)
                .allSatisfy(caller -> assertThat(caller.toString()).containsPattern("\"Ref\":\"\\w+Live\\w+\""));
    }

    @Test
    void anAliasIsOfThePublishedVersion() {
        assertThat(stack.resources("AWS::Lambda::Alias").values())
                .hasSameSizeAs(Topology.FUNCTIONS)
                .allSatisfy(alias -> assertThat(
                                alias.at("/FunctionVersion/Fn::GetAtt/0").asText())
                        .contains("FunctionCurrentVersion"));
    }

    @Test
    void onlyTheApiAndTheScheduleMayCallAFunction() {
        assertThat(stack.resources("AWS::Lambda::Permission").values())
                .extracting(permission -> permission.path("Principal").asText() + " "
                        + permission.at("/FunctionName/Ref").asText().replaceFirst("Live.*", "Live"))
                .containsExactlyInAnyOrder("apigateway.amazonaws.com RequestLive", "events.amazonaws.com SweeperLive");
        assertThat(stack.resources("AWS::IAM::Role").values())
                .hasSameSizeAs(Topology.FUNCTIONS)
                .allSatisfy(role -> assertThat(role.at("/AssumeRolePolicyDocument/Statement"))
                        .extracting(statement -> statement.path("Principal").toString())
                        .containsExactly("{\"Service\":\"lambda.amazonaws.com\"}"));
    }

    /** As each function reads it. */
    @Test
    void functionsAreToldWhereEverythingIs() {
        assertThat(stack.resources(FUNCTION).values()).allSatisfy(function -> {
            Map<String, String> environment = new HashMap<>(Map.of("AWS_REGION", "eu-central-1"));
            function.at("/Environment/Variables").properties().forEach(variable -> {
                JsonNode value = variable.getValue();
                environment.put(variable.getKey(), value.path("Ref").asText(value.asText()));
            });
            Settings settings = Settings.fromEnvironment(environment);
            assertThat(settings.jobsTable()).startsWith("Jobs");
            assertThat(settings.endpointsTable()).startsWith("Endpoints");
            assertThat(settings.resultsBucket()).startsWith("Results");
            assertThat(settings.jobQueueUrl()).startsWith("QueueJobs");
            assertThat(settings.config()).hasValue(ConfigurationReader.DEFAULT_PRESET);
        });
    }

    @Test
    void oneBadMessageDoesNotFailItsBatch() {
        assertThat(stack.resources(EVENT_SOURCE).values())
                .hasSize(2)
                .allSatisfy(source -> assertThat(source.path("FunctionResponseTypes"))
                        .extracting(JsonNode::asText)
                        .containsExactly("ReportBatchItemFailures"));
    }

    @Test
    void workersAreFedAsTheyAreLocally() {
        assertFedAsLocally(stack.resource(EVENT_SOURCE, "Worker"), "QueueJobs", Topology.MAXIMUM_CONCURRENCY);
    }

    @Test
    void deadLettersAreTakenAsTheyAreLocally() {
        assertFedAsLocally(
                stack.resource(EVENT_SOURCE, "DeadLetter"), "QueueDeadLetters", Topology.DEAD_LETTER_CONCURRENCY);
    }

    private static void assertFedAsLocally(JsonNode source, String queue, int concurrency) {
        assertThat(source.at("/EventSourceArn/Fn::GetAtt/0").asText()).startsWith(queue);
        assertThat(source.path("BatchSize").asInt()).isEqualTo(Topology.BATCH_SIZE);
        assertThat(seconds(source, "MaximumBatchingWindowInSeconds")).isEqualTo(Topology.BATCH_WINDOW);
        assertThat(source.at("/ScalingConfig/MaximumConcurrency").asInt()).isEqualTo(concurrency);
        assertThat(source.path("Enabled").asBoolean(true)).isTrue();
        assertThat(source.has("FilterCriteria")).isFalse();
    }

    /** Lambda stops what goes round by a queue some sixteen times, and a job may be deferred more often. */
    @Test
    void whatQueuesFeedMayFeedThemAgain() {
        assertThat(Topology.FUNCTIONS)
                .filteredOn(
                        spec -> function(spec).path("RecursiveLoop").asText().equals("Allow"))
                .containsExactlyInAnyOrder(Topology.WORKER, Topology.DEAD_LETTER);
    }

    @Test
    void queuesAreThoseOfTheTopology() {
        JsonNode jobs = stack.resource(QUEUE, "QueueJobs");
        JsonNode deadLetters = stack.resource(QUEUE, "QueueDeadLetters");

        assertThat(seconds(jobs, "VisibilityTimeout")).isEqualTo(Topology.JOB_VISIBILITY);
        assertThat(seconds(deadLetters, "VisibilityTimeout")).isEqualTo(Topology.DEAD_LETTER_VISIBILITY);
        assertThat(List.of(jobs, deadLetters)).allSatisfy(queue -> {
            assertThat(seconds(queue, "MessageRetentionPeriod")).isEqualTo(Topology.MESSAGE_RETENTION);
            assertThat(queue.path("SqsManagedSseEnabled").asBoolean()).isTrue();
        });
        assertThat(jobs.at("/RedrivePolicy/maxReceiveCount").asInt()).isEqualTo(Topology.MAX_RECEIVE_COUNT);
        assertThat(jobs.at("/RedrivePolicy/deadLetterTargetArn").toString()).contains("QueueDeadLetters");
        assertThat(deadLetters.has("RedrivePolicy")).isFalse();
    }

    @Test
    void queuesRefuseWhoComesWithoutTls() {
        assertThat(stack.resources("AWS::SQS::QueuePolicy").values())
                .hasSize(2)
                .allSatisfy(policy -> assertThat(policy.at("/PolicyDocument/Statement"))
                        .singleElement()
                        .satisfies(statement -> {
                            assertThat(statement.path("Effect").asText()).isEqualTo("Deny");
                            assertThat(statement
                                            .at("/Condition/Bool/aws:SecureTransport")
                                            .asText())
                                    .isEqualTo("false");
                        }));
    }

    /** AWS's advice for an event source: the retries of one invocation fit into the visibility of its messages. */
    @Test
    void messagesAreHiddenForSixTimesTheTimeout() {
        assertThat(seconds(stack.resource(QUEUE, "QueueJobs"), "VisibilityTimeout"))
                .isGreaterThanOrEqualTo(
                        seconds(function(Topology.WORKER), "Timeout").multipliedBy(6));
        assertThat(seconds(stack.resource(QUEUE, "QueueDeadLetters"), "VisibilityTimeout"))
                .isGreaterThanOrEqualTo(
                        seconds(function(Topology.DEAD_LETTER), "Timeout").multipliedBy(6));
    }

    @Test
    void tablesAreThoseOfTheTopology() {
        assertTable(stack.resource(TABLE, "Jobs"), Topology.JOBS);
        assertTable(stack.resource(TABLE, "Endpoints"), Topology.ENDPOINTS);
    }

    private static void assertTable(JsonNode table, TableSpec spec) {
        List<String> keys = new ArrayList<>(List.of(spec.partitionKey() + " HASH"));
        spec.sortKey().ifPresent(key -> keys.add(key + " RANGE"));
        assertThat(keys(table)).isEqualTo(keys);
        assertThat(table.path("AttributeDefinitions"))
                .extracting(attribute -> attribute.path("AttributeType").asText())
                .containsOnly("S");
        assertThat(table.at("/TimeToLiveSpecification/AttributeName").asText()).isEqualTo(spec.ttlAttribute());
        assertThat(table.at("/TimeToLiveSpecification/Enabled").asBoolean()).isTrue();
        assertThat(table.path("BillingMode").asText()).isEqualTo("PAY_PER_REQUEST");
        assertThat(table.at("/PointInTimeRecoverySpecification/PointInTimeRecoveryEnabled")
                        .asBoolean())
                .isTrue();
        assertThat(StreamSupport.stream(table.path("GlobalSecondaryIndexes").spliterator(), false)
                        .map(index -> index.path("IndexName").asText() + " " + keys(index) + " "
                                + index.at("/Projection/ProjectionType").asText())
                        .toList())
                .isEqualTo(spec.indexes().stream()
                        .map(index -> index.name() + " [" + index.partitionKey() + " HASH, " + index.sortKey()
                                + " RANGE] KEYS_ONLY")
                        .toList());
    }

    private static List<String> keys(JsonNode schema) {
        return StreamSupport.stream(schema.path("KeySchema").spliterator(), false)
                .map(key -> key.path("AttributeName").asText() + " "
                        + key.path("KeyType").asText())
                .toList();
    }

    @Test
    void whatHoldsStateOutlivesTheStack() {
        JsonNode resources = stack.template().path("Resources");

        assertThat(resources)
                .filteredOn(resource -> List.of(TABLE, QUEUE, BUCKET)
                        .contains(resource.path("Type").asText()))
                .hasSize(5)
                .allSatisfy(resource ->
                        assertThat(resource.path("DeletionPolicy").asText()).isEqualTo("Retain"));
        assertThat(stack.resources(TABLE).values())
                .allSatisfy(table -> assertThat(
                                table.path("DeletionProtectionEnabled").asBoolean())
                        .isTrue());
    }

    @Test
    void aTrialLeavesNothingBehind() {
        JsonNode resources =
                Synthesised.with(Map.of("ephemeral", "true")).template().path("Resources");

        assertThat(resources)
                .filteredOn(resource -> List.of(TABLE, QUEUE, BUCKET)
                        .contains(resource.path("Type").asText()))
                .hasSize(5)
                .allSatisfy(resource ->
                        assertThat(resource.path("DeletionPolicy").asText()).isEqualTo("Delete"));
    }

    @Test
    void theBucketIsPrivateAndEncryptedAndKeepsPoison() {
        JsonNode bucket = stack.resource(BUCKET, "Results");

        assertThat(bucket.path("PublicAccessBlockConfiguration")).hasSize(4).allMatch(JsonNode::asBoolean);
        assertThat(bucket.at("/BucketEncryption/ServerSideEncryptionConfiguration"))
                .extracting(rule ->
                        rule.at("/ServerSideEncryptionByDefault/SSEAlgorithm").asText())
                .containsExactly("AES256");
        assertThat(bucket.at("/LifecycleConfiguration/Rules"))
                .filteredOn(rule -> rule.has("ExpirationInDays"))
                .extracting(rule -> rule.path("Prefix").asText())
                .containsExactlyInAnyOrder("results/", "prompts/");
        assertThat(bucket.at("/LifecycleConfiguration/Rules"))
                .filteredOn(rule -> rule.has("ExpirationInDays"))
                .allSatisfy(rule -> assertThat(
                                Duration.ofDays(rule.path("ExpirationInDays").asLong()))
                        .isGreaterThan(JobStore.KEPT_AFTER_DEADLINE));
        assertThat(stack.resource("AWS::S3::BucketPolicy", "Results").toString())
                .contains("\"aws:SecureTransport\":\"false\"");
    }

    @Test
    void everyRouteAsksWhoCalls() {
        assertThat(stack.resources(ROUTE).values())
                .hasSameSizeAs(ApiRoute.ALL)
                .allSatisfy(route ->
                        assertThat(route.path("AuthorizationType").asText()).isEqualTo("AWS_IAM"));
    }

    @Test
    void withTokensOperatorsNeedTheirOwnScope() {
        Synthesised tokens = Synthesised.with(Map.of(
                "auth", "jwt",
                "jwtIssuer", "https://issuer.example.org",
                "jwtAudience", "breakwater",
                "jwtOperatorScope", "operate"));

        assertThat(tokens.resources(ROUTE).values()).hasSameSizeAs(ApiRoute.ALL).allSatisfy(route -> {
            boolean operators = route.path("RouteKey").asText().contains("/endpoints");
            assertThat(route.path("AuthorizationType").asText()).isEqualTo("JWT");
            assertThat(route.path("AuthorizationScopes"))
                    .extracting(JsonNode::asText)
                    .isEqualTo(operators ? List.of("operate") : List.of());
        });
        assertThat(tokens.resource("AWS::ApiGatewayV2::Authorizer", "Api")
                        .at("/JwtConfiguration/Issuer")
                        .asText())
                .isEqualTo("https://issuer.example.org");
    }

    @Test
    void callersMayNotDoWhatOperatorsMay() {
        String callers = stack.resource("AWS::IAM::ManagedPolicy", "ApiCallers").toString();
        String operators =
                stack.resource("AWS::IAM::ManagedPolicy", "ApiOperators").toString();

        assertThat(callers).contains("/POST/jobs").doesNotContain("endpoints");
        assertThat(operators).contains("/PUT/endpoints/*/*/override").doesNotContain("/jobs");
    }

    /** An object's key, and X-Ray, which knows no resources. */
    @Test
    void permissionsNameTheirResources() {
        for (JsonNode policy : stack.resources(POLICY).values()) {
            for (JsonNode statement : policy.at("/PolicyDocument/Statement")) {
                List<String> actions = Synthesised.texts(statement.path("Action"));
                assertThat(actions).as(statement.toString()).noneMatch(action -> action.contains("*"));
                if (!actions.stream().allMatch(action -> action.startsWith("xray:"))) {
                    assertThat(statement.path("Resource").toString())
                            .as(statement.toString())
                            .doesNotContainPattern("\"\\*\"|[^/]\\*");
                }
            }
        }
    }

    @Test
    void onlyTheWorkerMayCallModelsAndOnlyThoseOfItsChain() {
        List<JsonNode> statements = stack.resources(POLICY).values().stream()
                .flatMap(policy -> StreamSupport.stream(
                        policy.at("/PolicyDocument/Statement").spliterator(), false))
                .filter(statement -> statement.path("Action").toString().contains("bedrock:"))
                .toList();

        assertThat(statements).hasSize(1);
        assertThat(statements.getFirst().path("Action").asText()).isEqualTo("bedrock:InvokeModel");
        assertThat(stack.resource(POLICY, "Worker").toString()).contains("bedrock:InvokeModel");
        assertThat(statements.getFirst().path("Resource").toString())
                .contains("inference-profile/us.anthropic.claude-sonnet-4-6")
                .contains("arn:aws:bedrock:us-east-2::foundation-model/anthropic.claude-sonnet-4-6");
    }

    @Test
    void logsAreNotKeptForever() {
        assertThat(stack.resources("AWS::Logs::LogGroup").values())
                .hasSize(Topology.FUNCTIONS.size() + 1)
                .allSatisfy(group ->
                        assertThat(group.path("RetentionInDays").asInt()).isEqualTo(30));
        assertThat(Topology.FUNCTIONS).allSatisfy(spec -> {
            String group = function(spec).at("/LoggingConfig/LogGroup/Ref").asText();
            assertThat(stack.resource("AWS::Logs::LogGroup", group)
                            .path("LogGroupName")
                            .asText())
                    .isEqualTo("/aws/lambda/" + spec.deployedName());
        });
    }

    /** The API's limits are the stage's, whatever a route says. */
    @Test
    void theApiIsThrottledAndLogsWhoCalled() {
        JsonNode stage = stack.resource("AWS::ApiGatewayV2::Stage", "Api");

        assertThat(stage.at("/DefaultRouteSettings/ThrottlingRateLimit").asInt())
                .isEqualTo(Deployment.defaults().requestsPerSecond());
        assertThat(stage.at("/DefaultRouteSettings/ThrottlingBurstLimit").asInt())
                .isEqualTo(2 * Deployment.defaults().requestsPerSecond());
        assertThat(stage.has("RouteSettings")).isFalse();
        assertThat(stage.at("/AccessLogSettings/DestinationArn/Fn::GetAtt/0").asText())
                .startsWith("ApiAccessLogs");
        assertThat(stage.at("/AccessLogSettings/Format").asText())
                .contains("$context.identity.userArn", "$context.authorizer.claims.sub");
    }

    @Test
    void theSweeperIsStartedAsOftenAsLocally() {
        assertThat(Topology.SWEEP_INTERVAL).isEqualTo(Duration.ofMinutes(1));
        assertThat(stack.resource("AWS::Events::Rule", "Sweep")
                        .path("ScheduleExpression")
                        .asText())
                .isEqualTo("rate(1 minute)");
    }

    @Test
    void aSweepThatFailsIsLeftToTheNext() {
        List<JsonNode> settings = List.of(
                stack.resource("AWS::Lambda::EventInvokeConfig", "Sweeper"),
                stack.resource("AWS::Events::Rule", "Sweep").at("/Targets/0/RetryPolicy"));

        assertThat(settings).allSatisfy(setting -> {
            assertThat(setting.path("MaximumRetryAttempts").asInt(-1)).isZero();
            assertThat(seconds(setting, "MaximumEventAgeInSeconds")).isEqualTo(Topology.SWEEP_INTERVAL);
        });
        assertThat(seconds(function(Topology.SWEEPER), "Timeout")).isLessThan(Topology.SWEEP_INTERVAL);
    }

    @Test
    void everyAlarmIsTold() {
        assertThat(stack.resources("AWS::CloudWatch::Alarm").values())
                .hasSizeGreaterThan(20)
                .allSatisfy(alarm -> assertThat(alarm.path("AlarmActions")).hasSize(1));
    }

    @Test
    void everyAlarmIsInTheOperatorsBook() throws IOException {
        List<Pattern> rows = Pattern.compile("(?m)^\\| `([\\w{}-]+)` \\|")
                .matcher(operatorsBook("Alarms"))
                .results()
                .map(row -> Pattern.compile(row.group(1).replaceAll("\\{\\w+}", ".+")))
                .toList();

        List<String> alarms = stack.resources("AWS::CloudWatch::Alarm").values().stream()
                .map(alarm -> alarm.path("AlarmName").asText().replaceFirst("breakwater-", ""))
                .toList();

        assertThat(alarms)
                .allSatisfy(name -> assertThat(rows)
                        .as(name)
                        .anyMatch(row -> row.matcher(name).matches()));
        assertThat(rows)
                .allSatisfy(row -> assertThat(alarms)
                        .as("alarms of the row %s", row)
                        .anyMatch(name -> row.matcher(name).matches()));
    }

    /** A metric that nobody writes, or by another dimension, would never raise its alarm. */
    @Test
    void whatAnAlarmWatchesIsInTheOperatorsBookWithItsDimension() throws IOException {
        List<String> rows = operatorsBook("Metrics").lines().toList();

        assertThat(stack.resources("AWS::CloudWatch::Alarm").values())
                .flatExtracting(StackTest::watched)
                .hasSizeGreaterThan(10)
                .allSatisfy(metric ->
                        assertThat(rows).as(metric).anyMatch(row -> row.matches("\\| [^|]*\\b" + metric + "\\b.*")));
    }

    /** Of what the functions write: {@code metric | dimension}, as in the table. */
    private static List<String> watched(JsonNode alarm) {
        Stream<String> single = alarm.findParents("MetricName").stream()
                .filter(metric -> metric.path("Namespace").asText().equals("Breakwater"))
                .map(metric -> metric.path("MetricName").asText() + " \\| "
                        + metric.path("Dimensions").path(0).path("Name").asText());
        Stream<String> summed = alarm.findValuesAsText("Expression").stream()
                .flatMap(expression -> SUM.matcher(expression).results())
                .map(sum -> sum.group(1) + " \\| " + sum.group(2));
        return Stream.concat(single, summed).toList();
    }

    private static String operatorsBook(String section) throws IOException {
        String book = Files.readString(Path.of("../docs/operations.md"));
        int begin = book.indexOf("\n## " + section + "\n");
        return book.substring(begin, book.indexOf("\n## ", begin + 1));
    }

    private static JsonNode function(FunctionSpec spec) {
        return stack.resources(FUNCTION).values().stream()
                .filter(function -> function.path("FunctionName").asText().equals(spec.deployedName()))
                .findFirst()
                .orElseThrow();
    }

    private static Duration seconds(JsonNode resource, String property) {
        return Duration.ofSeconds(resource.path(property).asLong());
    }
}
