// Package join connects model and explore: it makes a [product.Product] of a
// [model.System], with the patterns to search for and the memory of monitors.
package join
