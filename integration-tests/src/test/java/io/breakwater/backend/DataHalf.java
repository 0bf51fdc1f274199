package io.breakwater.backend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.breakwater.json.Json;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The part of a CloudFormation template that holds state: its tables, queues and buckets with their policies, all that
 * these refer to, and the outputs that speak of nothing else. It is as deployed but for one thing: it goes with its stack.
 */
final class DataHalf {
    private static final Set<String> STATEFUL = Set.of(
            "AWS::DynamoDB::Table",
            "AWS::S3::Bucket",
            "AWS::S3::BucketPolicy",
            "AWS::SQS::Queue",
            "AWS::SQS::QueuePolicy");

    private DataHalf() {}

    static String of(String template) {
        ObjectNode half = Json.read(template, ObjectNode.class);
        Set<String> kept = kept(half.path("Resources"));
        ((ObjectNode) half.path("Resources")).retain(kept);
        half.path("Resources").forEach(DataHalf::makeDeletable);
        if (half.get("Outputs") instanceof ObjectNode outputs) {
            outputs.properties().removeIf(output -> !kept.containsAll(references(output.getValue())));
        }
        half.retain(List.of("AWSTemplateFormatVersion", "Resources", "Outputs"));
        return Json.write(half);
    }

    private static void makeDeletable(JsonNode resource) {
        ((ObjectNode) resource).put("DeletionPolicy", "Delete").remove("UpdateReplacePolicy");
        if (resource.path("Properties") instanceof ObjectNode properties) {
            properties.remove("DeletionProtectionEnabled");
        }
    }

    private static Set<String> kept(JsonNode resources) {
        Deque<String> found = new ArrayDeque<>();
        resources.properties().forEach(resource -> {
            if (STATEFUL.contains(resource.getValue().path("Type").asText())) {
                found.add(resource.getKey());
            }
        });
        Set<String> kept = new LinkedHashSet<>();
        while (!found.isEmpty()) {
            String name = found.pop();
            if (resources.has(name) && kept.add(name)) {
                found.addAll(references(resources.path(name)));
            }
        }
        return kept;
    }

    /** The resources named by references anywhere in this node. */
    private static List<String> references(JsonNode node) {
        Stream<String> own = Stream.of(
                        Stream.of(node.path("Ref")),
                        Stream.of(node.path("Fn::GetAtt").path(0)),
                        names(node.path("DependsOn")))
                .flatMap(names -> names)
                .filter(JsonNode::isTextual)
                .map(JsonNode::asText)
                .filter(name -> !name.startsWith("AWS::"));
        Stream<String> inside = node.valueStream().flatMap(child -> references(child).stream());
        return Stream.concat(own, inside).distinct().toList();
    }

    private static Stream<JsonNode> names(JsonNode oneOrMore) {
        return oneOrMore.isArray() ? oneOrMore.valueStream() : Stream.of(oneOrMore);
    }
}
