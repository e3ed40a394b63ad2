// Judges objects as the API server does: each line of the input is an object, each line of the output what is said of
// it, or null where its kind is not defined. The arguments are files with CustomResourceDefinitions.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	v1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/objectmeta"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	"k8s.io/apimachinery/pkg/util/yaml"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
)

type kind struct {
	structural *schema.Structural
	validator  validation.SchemaValidator
	rules      *cel.Validator
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	kinds := map[string]kind{}
	for _, path := range os.Args[1:] {
		file, err := os.Open(path)
		must(err)
		documents := yaml.NewYAMLReader(bufio.NewReader(file))
		for {
			text, err := documents.Read()
			if err == io.EOF {
				break
			}
			must(err)
			if !bytes.Contains(text, []byte("kind: CustomResourceDefinition")) {
				continue
			}
			asJSON, err := yaml.ToJSON(text)
			must(err)
			var definition v1.CustomResourceDefinition
			must(json.Unmarshal(asJSON, &definition))
			v1.SetDefaults_CustomResourceDefinitionSpec(&definition.Spec)
			for _, version := range definition.Spec.Versions {
				if !version.Served || version.Schema == nil {
					continue
				}
				var props apiextensions.JSONSchemaProps
				must(v1.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(version.Schema.OpenAPIV3Schema, &props, nil))
				structural, err := schema.NewStructural(&props)
				must(err)
				validator, _, err := validation.NewSchemaValidator(&props)
				must(err)
				name := definition.Spec.Group + "/" + version.Name + " " + definition.Spec.Names.Kind
				kinds[name] = kind{structural, validator, cel.NewValidator(structural, true, celconfig.PerCallLimit)}
			}
		}
	}
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	lines := bufio.NewReaderSize(os.Stdin, 1<<20)
	for {
		line, err := lines.ReadBytes('\n')
		if err == io.EOF {
			return
		}
		must(err)
		var object map[string]interface{}
		must(utiljson.Unmarshal(line, &object))
		said, err := json.Marshal(judge(kinds, object))
		must(err)
		fmt.Fprintln(out, string(said))
	}
}

func judge(kinds map[string]kind, object map[string]interface{}) []string {
	kind, found := kinds[fmt.Sprint(object["apiVersion"], " ", object["kind"])]
	if !found {
		return nil
	}
	said := []string{}
	for _, path := range pruning.PruneWithOptions(object, kind.structural, true, schema.UnknownFieldPathOptions{TrackUnknownFieldPaths: true}) {
		said = append(said, "unknown field "+path)
	}
	defaulting.PruneNonNullableNullsWithoutDefaults(object, kind.structural)
	defaulting.Default(object, kind.structural)
	errs := objectmeta.Validate(nil, object, kind.structural, false)
	errs = append(errs, validation.ValidateCustomResource(nil, object, kind.validator)...)
	errs = append(errs, listtype.ValidateListSetsAndMaps(nil, kind.structural, object)...)
	if len(errs) == 0 && kind.rules != nil {
		ruled, _ := kind.rules.Validate(context.Background(), nil, kind.structural, object, nil, celconfig.RuntimeCELCostBudget)
		errs = append(errs, ruled...)
	}
	for _, err := range errs {
		said = append(said, err.Error())
	}
	return said
}
