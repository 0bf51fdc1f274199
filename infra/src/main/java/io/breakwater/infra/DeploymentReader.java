package io.breakwater.infra;

import io.breakwater.config.Configuration;
import io.breakwater.config.ConfigurationReader;
import io.breakwater.config.InvalidConfigurationException;
import io.breakwater.infra.Deployment.Home;
import io.breakwater.json.Spelling;
import io.breakwater.json.Violation;
import io.breakwater.topology.Topology;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awscdk.services.logs.RetentionDays;

/** Reads a {@link Deployment} from CDK's context. Every violation is found before any is told. */
final class DeploymentReader {
    static final List<String> KEYS = List.of(
            "account",
            "region",
            "config",
            "modelArns",
            "auth",
            "jwtIssuer",
            "jwtAudience",
            "jwtOperatorScope",
            "alarmEmail",
            "workers",
            "requestsPerSecond",
            "retentionDays",
            "logRetentionDays",
            "ephemeral",
            "tracing");

    private static final Map<Integer, RetentionDays> LOG_RETENTIONS = logRetentions();

    /** CloudWatch takes ten metrics in one alarm. */
    private static final int MOST_TIERS = 10;

    /** Lambda's least and most for one event source. */
    private static final int FEWEST_WORKERS = 2;

    private static final int MOST_WORKERS = 1000;

    /** API Gateway's quota of an account's region. */
    private static final int MOST_REQUESTS_PER_SECOND = 10_000;

    private static final int LONGEST_RETENTION_DAYS = 3650;

    private static final Pattern ACCOUNT = Pattern.compile("\\d{12}");
    private static final Pattern REGION = Pattern.compile("[a-z]{2}(-[a-z]+)+-\\d");
    private static final Pattern MODEL_ARN = Pattern.compile("arn:aws:bedrock:[a-z0-9-]*:(\\d{12})?:[a-z-]+/[^*?\\s]+");
    private static final Pattern ISSUER = Pattern.compile("https://[^\\s?#]+");
    private static final Pattern EMAIL = Pattern.compile("[^@\\s]+@[^@\\s]+\\.[^@\\s]+");
    private static final Pattern WORD = Pattern.compile("\\S+");

    private final Map<String, Object> context;
    private final List<Violation> violations = new ArrayList<>();

    private DeploymentReader(Map<String, Object> context) {
        this.context = context;
    }

    /**
     * Reads a deployment. Names with a colon or a slash are CDK's own and passed by.
     *
     * @throws InvalidDeploymentException when anything is wrong
     */
    static Deployment read(Map<String, Object> context) {
        return new DeploymentReader(context).read();
    }

    private Deployment read() {
        context.keySet().stream()
                .filter(key -> !key.contains(":") && !key.contains("/") && !KEYS.contains(key))
                .sorted()
                .forEach(key -> violate(key, "is not known" + Spelling.suggestion(key, KEYS)));
        String config = text("config").orElse(ConfigurationReader.DEFAULT_PRESET);
        Optional<Path> file =
                ConfigurationReader.PRESETS.contains(config) ? Optional.empty() : Optional.of(Path.of(config));
        List<String> modelArns = list("modelArns", MODEL_ARN, "an ARN of a Bedrock model without wildcards");
        Optional<Configuration> configuration = configuration(config, modelArns);
        Deployment deployment = new Deployment(
                home(),
                file.map(_ -> ConfigurationLayer.PATH).orElse(config),
                file,
                configuration.orElseGet(() -> new ConfigurationReader().read(ConfigurationReader.DEFAULT_PRESET)),
                modelArns,
                access(),
                text("alarmEmail", EMAIL, "an e-mail address"),
                number("workers", Topology.MAXIMUM_CONCURRENCY, FEWEST_WORKERS, MOST_WORKERS),
                number("requestsPerSecond", 100, 1, MOST_REQUESTS_PER_SECOND),
                Duration.ofDays(number(
                        "retentionDays",
                        (int) Deployment.SHORTEST_RETENTION.toDays(),
                        (int) Deployment.SHORTEST_RETENTION.toDays(),
                        LONGEST_RETENTION_DAYS)),
                logRetention(),
                flag("ephemeral", false) ? Lifetime.EPHEMERAL : Lifetime.KEPT,
                flag("tracing", true));
        if (!violations.isEmpty()) {
            throw new InvalidDeploymentException(violations);
        }
        return deployment;
    }

    private Optional<Configuration> configuration(String presetOrPath, List<String> modelArns) {
        try {
            Configuration configuration = new ConfigurationReader().read(presetOrPath);
            violations.addAll(ModelAccess.violations(configuration.chain(), modelArns));
            int tiers = configuration.chain().tiers().size();
            if (tiers > MOST_TIERS) {
                violate("config", "has " + tiers + " tiers; the alarm on fallbacks can watch " + MOST_TIERS);
            }
            return Optional.of(configuration);
        } catch (InvalidConfigurationException e) {
            violate("config", String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private Optional<Home> home() {
        Optional<String> account = text("account", ACCOUNT, "an AWS account's number of 12 digits");
        Optional<String> region = text("region", REGION, "an AWS region such as eu-central-1");
        if (context.containsKey("account") != context.containsKey("region")) {
            violate(
                    context.containsKey("account") ? "region" : "account",
                    "must be given with the other: account and region");
        }
        return account.flatMap(number -> region.map(name -> new Home(number, name)));
    }

    private Access access() {
        String auth = text("auth").orElse("iam");
        Optional<String> issuer = text("jwtIssuer", ISSUER, "the issuer's https URL, as its tokens have it");
        List<String> audiences = list("jwtAudience", WORD, "an audience or client id of the issuer");
        Optional<String> scope = text("jwtOperatorScope", WORD, "one scope");
        switch (auth) {
            case "jwt" -> {
                requireForJwt("jwtIssuer");
                requireForJwt("jwtAudience");
                return new Access.Jwt(issuer.orElse(""), audiences, scope.orElse("breakwater/operate"));
            }
            case "iam" ->
                KEYS.stream()
                        .filter(key -> key.startsWith("jwt") && context.containsKey(key))
                        .forEach(key -> violate(key, "is for auth=jwt only"));
            default -> violate("auth", "must be iam or jwt, was \"" + auth + "\"; there is no open API");
        }
        return new Access.Iam();
    }

    private void requireForJwt(String key) {
        if (!context.containsKey(key)) {
            violate(key, "is required with auth=jwt");
        }
    }

    private RetentionDays logRetention() {
        int days = number("logRetentionDays", 30, 1, LONGEST_RETENTION_DAYS);
        @Nullable RetentionDays retention = LOG_RETENTIONS.get(days);
        if (retention == null) {
            violate("logRetentionDays", "must be one of " + LOG_RETENTIONS.keySet() + ", was " + days);
            return RetentionDays.ONE_MONTH;
        }
        return retention;
    }

    private Optional<String> text(String key) {
        return Optional.ofNullable(context.get(key))
                .map(value -> value.toString().strip());
    }

    private Optional<String> text(String key, Pattern pattern, String what) {
        Optional<String> text = text(key);
        text.filter(value -> !pattern.matcher(value).matches())
                .ifPresent(value -> violate(key, "must be " + what + ", was \"" + value + "\""));
        return text;
    }

    /** Separated by commas; from cdk.json also an array. */
    private List<String> list(String key, Pattern pattern, String what) {
        List<String> values = switch (context.get(key)) {
            case null -> List.of();
            case List<?> array -> array.stream().map(String::valueOf).toList();
            case Object value -> Arrays.asList(value.toString().split(","));
        };
        List<String> stripped = values.stream().map(String::strip).toList();
        stripped.stream()
                .filter(value -> !pattern.matcher(value).matches())
                .forEach(value -> violate(key, "must be " + what + ", was \"" + value + "\""));
        return stripped;
    }

    private int number(String key, int absent, int least, int most) {
        Optional<String> text = text(key);
        try {
            int value = text.map(Integer::parseInt).orElse(absent);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Told below, as a number out of range is.
        }
        violate(key, "must be a whole number from " + least + " to " + most + ", was \"" + text.orElse("") + "\"");
        return absent;
    }

    private boolean flag(String key, boolean absent) {
        String text = text(key).orElse(Boolean.toString(absent));
        if (!text.equals("true") && !text.equals("false")) {
            violate(key, "must be true or false, was \"" + text + "\"");
        }
        return text.equals("true");
    }

    private void violate(String key, String message) {
        violations.add(new Violation(key, message));
    }

    private static Map<Integer, RetentionDays> logRetentions() {
        Map<Integer, RetentionDays> retentions = new LinkedHashMap<>();
        retentions.put(1, RetentionDays.ONE_DAY);
        retentions.put(3, RetentionDays.THREE_DAYS);
        retentions.put(7, RetentionDays.ONE_WEEK);
        retentions.put(14, RetentionDays.TWO_WEEKS);
        retentions.put(30, RetentionDays.ONE_MONTH);
        retentions.put(90, RetentionDays.THREE_MONTHS);
        retentions.put(180, RetentionDays.SIX_MONTHS);
        retentions.put(365, RetentionDays.ONE_YEAR);
        return retentions;
    }
}
