package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Enough to see what it is.
const maxShownLength = 200

type difference struct {
	// Path is a JSON pointer.
	Path string `json:"path"`
	// Live and Wanted are JSON, shortened; absent where there is nothing, and for Secrets.
	Live   string `json:"live,omitempty"`
	Wanted string `json:"wanted,omitempty"`
}

// differences lists where live is not what it would be after a sync.
func differences(live, predicted []byte, secret bool) ([]difference, error) {
	before, err := decode(live)
	if err != nil {
		return nil, fmt.Errorf("read the live state: %w", err)
	}
	after, err := decode(predicted)
	if err != nil {
		return nil, fmt.Errorf("read the predicted state: %w", err)
	}
	list := compareValues("", before, after)
	if secret {
		for index := range list {
			list[index].Live, list[index].Wanted = "", ""
		}
	}
	if len(list) == 0 {
		// Equal as values, unequal as bytes: Argo CD compares bytes, so it shows one.
		return []difference{{Path: ""}}, nil
	}
	return list, nil
}

func decode(text []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value any
	err := decoder.Decode(&value)
	return value, err
}

func compareValues(path string, live, wanted any) []difference {
	switch before := live.(type) {
	case map[string]any:
		if after, ok := wanted.(map[string]any); ok {
			return compareMaps(path, before, after)
		}
	case []any:
		if after, ok := wanted.([]any); ok && len(before) == len(after) {
			return compareLists(path, before, after)
		}
	default: // string, bool, nil, json.Number: comparable
		if _, isMap := wanted.(map[string]any); isMap {
			break
		}
		if _, isList := wanted.([]any); isList {
			break
		}
		if live == wanted {
			return nil
		}
	}
	return []difference{{Path: path, Live: show(live), Wanted: show(wanted)}}
}

func compareMaps(path string, live, wanted map[string]any) []difference {
	var list []difference
	for _, key := range slices.Sorted(maps.Keys(union(live, wanted))) {
		inner := pointer(path, key)
		before, had := live[key]
		after, has := wanted[key]
		switch {
		case had && has:
			list = append(list, compareValues(inner, before, after)...)
		case had:
			list = append(list, onOneSide(inner, before, func(path string, value any) difference {
				return difference{Path: path, Live: show(value)}
			})...)
		default:
			list = append(list, onOneSide(inner, after, func(path string, value any) difference {
				return difference{Path: path, Wanted: show(value)}
			})...)
		}
	}
	return list
}

// onOneSide names what is in a map that the other side lacks, member by member: annotations where there were none
// are as many differences as there are annotations.
func onOneSide(path string, value any, as func(path string, value any) difference) []difference {
	members, isMap := value.(map[string]any)
	if !isMap || len(members) == 0 {
		return []difference{as(path, value)}
	}
	var list []difference
	for _, key := range slices.Sorted(maps.Keys(members)) {
		list = append(list, onOneSide(pointer(path, key), members[key], as)...)
	}
	return list
}

func pointer(path, key string) string {
	return path + "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(key)
}

func compareLists(path string, live, wanted []any) []difference {
	var list []difference
	for index := range live {
		list = append(list, compareValues(fmt.Sprintf("%s/%d", path, index), live[index], wanted[index])...)
	}
	return list
}

func union(left, right map[string]any) map[string]any {
	all := maps.Clone(left)
	if all == nil {
		all = map[string]any{}
	}
	maps.Copy(all, right)
	return all
}

func show(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprintf("%v", err)
	}
	if len(text) > maxShownLength {
		return string(text[:maxShownLength]) + "..."
	}
	return string(text)
}
