/** What a job costs: the prices, what it uses of each thing that has one, and the tables of docs/cost.md. */
@NullMarked
package io.breakwater.cost;

import org.jspecify.annotations.NullMarked;
