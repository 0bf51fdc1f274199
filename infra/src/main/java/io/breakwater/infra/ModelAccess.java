package io.breakwater.infra;

import io.breakwater.json.Violation;
import io.breakwater.model.Endpoint;
import io.breakwater.routing.Chain;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The ARNs that a chain's calls need: of its models, and of its inference profiles with the models behind them wherever they
 * may send a call.
 */
final class ModelAccess {
    private static final Pattern OTHER_GEOGRAPHY = Pattern.compile("[a-z]{2}(-[a-z]+)?\\.[a-z0-9-]+\\..+");
    private static final String SYSTEM_PROFILE = ":inference-profile/";
    private static final String APPLICATION_PROFILE = ":application-inference-profile/";

    private ModelAccess() {}

    /**
     * The ARNs, in the chain's order.
     *
     * @param account whose inference profiles they are
     * @param more what a chain does not tell: the models behind application inference profiles
     */
    static List<String> arns(Chain chain, String account, List<String> more) {
        Set<String> arns = new LinkedHashSet<>();
        chain.endpoints().forEach(endpoint -> arns.addAll(arns(endpoint, account)));
        arns.addAll(more);
        return List.copyOf(arns);
    }

    private static List<String> arns(Endpoint endpoint, String account) {
        String model = endpoint.model();
        Optional<String> profile = profile(model);
        if (profile.isEmpty()) {
            return List.of(model.startsWith("arn:") ? model : foundationModel(endpoint.region(), model));
        }
        String id = profile.get();
        String arn = model.startsWith("arn:")
                ? model
                : "arn:aws:bedrock:" + endpoint.region() + ":" + account + SYSTEM_PROFILE + id;
        return Stream.concat(
                        Stream.of(arn),
                        Geography.of(id).stream().flatMap(geography -> behind(geography, id, endpoint.region())))
                .toList();
    }

    /** The id of the inference profile that is called, if one is. */
    private static Optional<String> profile(String model) {
        int arn = model.indexOf(SYSTEM_PROFILE);
        String id = arn < 0 ? model : model.substring(arn + SYSTEM_PROFILE.length());
        return arn >= 0
                        || Geography.of(id).isPresent()
                        || OTHER_GEOGRAPHY.matcher(id).matches()
                ? Optional.of(id)
                : Optional.empty();
    }

    /** The profile's model in the region that is called, and wherever the call may go from there. */
    private static Stream<String> behind(Geography geography, String profile, String region) {
        return Stream.concat(Stream.of(region), geography.regions().stream())
                .distinct()
                .map(destination -> foundationModel(destination, geography.modelOf(profile)));
    }

    private static String foundationModel(String region, String model) {
        return "arn:aws:bedrock:" + region + "::foundation-model/" + model;
    }

    /** What keeps the ARNs of a chain from being known. */
    static List<Violation> violations(Chain chain, List<String> more) {
        List<Violation> violations = new ArrayList<>();
        for (Endpoint endpoint : chain.endpoints()) {
            unknown(endpoint.model(), more)
                    .ifPresent(what -> violations.add(new Violation(
                            "config",
                            "the endpoint " + endpoint + " is " + what
                                    + ": list the ARNs of the models behind it in modelArns, separated by commas"
                                    + " (aws bedrock get-inference-profile tells them)")));
        }
        return violations;
    }

    private static Optional<String> unknown(String model, List<String> more) {
        if (model.contains(APPLICATION_PROFILE)) {
            return Optional.of("an application inference profile, whose models its ARN does not tell")
                    .filter(_ -> more.isEmpty());
        }
        return profile(model)
                .filter(id -> Geography.of(id).isEmpty())
                .filter(id -> more.stream().noneMatch(arn -> arn.endsWith("/" + id.substring(id.indexOf('.') + 1))))
                .map(_ -> "an inference profile of a geography that is not known here");
    }
}
