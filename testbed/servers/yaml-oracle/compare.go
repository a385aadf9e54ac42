package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"math/big"
	"slices"
	"strconv"
)

// A pair that is wrong all over is wrong: the first few places are enough to see why.
const maxDetails = 20

const maxShownLength = 120

type comparison struct{ details []string }

// compare lists where got, as a parser resolved it, is not the value want that came out of JSON.
func compare(want, got any) []string {
	var c comparison
	c.value("$", want, got)
	return c.details
}

func (c *comparison) add(path, format string, args ...any) {
	if len(c.details) < maxDetails {
		c.details = append(c.details, path+": "+fmt.Sprintf(format, args...))
	}
}

func (c *comparison) value(path string, want, got any) {
	switch wanted := want.(type) {
	case map[string]any:
		c.mapping(path, wanted, got)
	case []any:
		c.sequence(path, wanted, got)
	case json.Number:
		if !sameNumber(wanted, got) {
			c.add(path, "want the number %s, got %s", wanted, show(got))
		}
	default: // string, bool, nil: comparable, and equal only in type and value
		if want != got {
			c.add(path, "want %s, got %s", show(want), show(got))
		}
	}
}

func (c *comparison) mapping(path string, want map[string]any, got any) {
	entries, ok := got.(map[string]any)
	if !ok {
		if odd, isMap := got.(map[any]any); isMap {
			c.oddKeys(path, odd)
			return
		}
		c.add(path, "want a map, got %s", show(got))
		return
	}
	for _, key := range slices.Sorted(maps.Keys(want)) {
		inner, present := entries[key]
		if !present {
			c.add(path, "the key %s is missing", show(key))
			continue
		}
		c.value(path+"."+key, want[key], inner)
	}
	for _, key := range slices.Sorted(maps.Keys(entries)) {
		if _, wanted := want[key]; !wanted {
			c.add(path, "the key %s is not in the JSON", show(key))
		}
	}
}

func (c *comparison) oddKeys(path string, entries map[any]any) {
	for key := range entries {
		if _, isString := key.(string); !isString {
			c.add(path, "a key must be a string, got %s", show(key))
		}
	}
}

func (c *comparison) sequence(path string, want []any, got any) {
	items, ok := got.([]any)
	if !ok {
		c.add(path, "want a sequence, got %s", show(got))
		return
	}
	if len(items) != len(want) {
		c.add(path, "want %d items, got %d", len(want), len(items))
		return
	}
	for i := range want {
		c.value(fmt.Sprintf("%s[%d]", path, i), want[i], items[i])
	}
}

// sameNumber compares integers exactly and everything else as float64. An integer that float64 cannot
// hold is not the same as the float nearest to it.
func sameNumber(want json.Number, got any) bool {
	wantInt, wantFloat, ok := readNumber(want)
	if !ok {
		return false
	}
	gotInt, gotFloat, ok := readNumber(got)
	if !ok {
		return false
	}
	switch {
	case wantInt != nil && gotInt != nil:
		return wantInt.Cmp(gotInt) == 0
	case wantInt != nil:
		return sameAsFloat(wantInt, gotFloat)
	case gotInt != nil:
		return sameAsFloat(gotInt, wantFloat)
	}
	return wantFloat == gotFloat
}

// readNumber returns an integer of the int64 or uint64 range as integer, any other number as float64.
func readNumber(value any) (integer *big.Int, float float64, ok bool) {
	switch number := value.(type) {
	case json.Number:
		text := string(number)
		if whole, isInt := new(big.Int).SetString(text, 10); isInt && (whole.IsInt64() || whole.IsUint64()) {
			return whole, 0, true
		}
		parsed, err := strconv.ParseFloat(text, 64)
		return nil, parsed, err == nil
	case int:
		return big.NewInt(int64(number)), 0, true
	case int64:
		return big.NewInt(number), 0, true
	case uint64:
		return new(big.Int).SetUint64(number), 0, true
	case float64:
		return nil, number, !math.IsInf(number, 0) && !math.IsNaN(number)
	}
	return nil, 0, false
}

func sameAsFloat(whole *big.Int, float float64) bool {
	exact, accuracy := new(big.Float).SetFloat64(float).Int(nil)
	return accuracy == big.Exact && exact.Cmp(whole) == 0
}

func show(value any) string {
	text := fmt.Sprintf("%#v", value)
	if quoted, isString := value.(string); isString {
		text = strconv.QuoteToASCII(quoted)
	}
	if len(text) > maxShownLength {
		text = text[:maxShownLength] + "..."
	}
	return fmt.Sprintf("%T %s", value, text)
}
