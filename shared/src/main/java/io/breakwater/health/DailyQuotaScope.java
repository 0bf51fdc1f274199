package io.breakwater.health;

/** What an exhausted daily token quota takes out. */
public enum DailyQuotaScope {
    /** The endpoint that reported it. */
    ENDPOINT,
    /** All endpoints of its region, where they draw on one quota. */
    REGION
}
