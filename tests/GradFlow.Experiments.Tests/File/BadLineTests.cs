namespace GradFlow.Experiments.Tests;

/// <summary>One line says of a wrong value or key where it stands, what it is, and what was expected.</summary>
public sealed class BadLineTests
{
    public static TheoryData<string, string> Lines => new()
    {
        {
            "optimizer: { sgd: { lr: 0.1, momentun: 0.9 } }",
            "11: key 'momentun' is unknown in 'sgd'; did you mean 'momentum'? "
                + "expected one of: lr, weight-decay, decoupled, groups, momentum, nesterov"
        },
        { "optimizer: { sgd: { lr: fast } }", "11: 'lr' in 'sgd' must be a number, found 'fast'" },
        { "optimizer: { sgd: { lr: '0.1' } }", "11: 'lr' in 'sgd' must be a number, found the text '0.1'" },
        { "optimizer: { sgd: { lr: 0 } }", "11: 'lr' in 'sgd' must be above 0, found '0'" },
        { "optimizer: { sgd: { lr: -1e-3 } }", "11: 'lr' in 'sgd' must be above 0, found '-1e-3'" },
        { "optimizer: { sgd: { lr: .nan } }", "11: 'lr' in 'sgd' must be a number, found '.nan'" },
        { "optimizer: { sgd: { lr: NaN } }", "11: 'lr' in 'sgd' must be a number, found 'NaN'" },
        { "optimizer: { sgd: { lr: 1e999 } }", "11: 'lr' in 'sgd' must be a number, found '1e999'" },
        { "optimizer: { sgd: { lr: } }", "11: 'lr' in 'sgd' has no value" },
        { "optimizer: { sgd: { lr: [1] } }", "11: 'lr' in 'sgd' must be a number, found a list" },
        { "optimizer: { sgd: { lr: 1, lr: 2 } }", "11: key 'lr' stands twice, first on line 11" },
        { "optimizer: { sgd: { nesterov: true } }", "11: 'nesterov' in 'sgd' needs a 'momentum' above 0" },
        { "optimizer: { sgd: { nesterov: yes } }", "11: 'nesterov' in 'sgd' must be true or false, found 'yes'" },
        { "optimizer: { sgd: { momentum: 1 } }", "11: 'momentum' in 'sgd' must be at least 0 and below 1, found '1'" },
        {
            "optimizer: sdg",
            "11: optimizer 'sdg' is unknown; did you mean 'sgd'? expected one of: adagrad, adam, adamw, rmsprop, sgd"
        },
        {
            "optimizer: lbfgs",
            "11: optimizer 'lbfgs' is unknown; expected one of: adagrad, adam, adamw, rmsprop, sgd"
        },
        {
            "optimizer: { adamw: { decoupled: false } }",
            "11: 'adamw' is Adam with a decoupled decay; for a coupled one write 'adam'"
        },
        {
            "optimizer: { sgd: { groups: [ { parameters: biases } ] } }",
            "11: 'parameter-group' changes nothing; give 'lr' or 'weight-decay'"
        },
        {
            "optimizer: { sgd: { groups: [ { parameters: [], lr: 1 } ] } }",
            "11: 'parameters' in 'parameter-group' is empty; expected at least one entry"
        },
        {
            "optimizer: { sgd: { groups: [ { parameters: norms, lr: -1 } ] } }",
            "11: 'lr' in 'parameter-group' must be at least 0, found '-1'"
        },
        {
            "optimizer: { sgd: { groups: biases } }",
            "11: 'groups' in 'sgd' must be a list, found 'biases'"
        },
        {
            "optimizer: { sgd: {}, adam: {} }",
            "11: 'optimizer' must be the name of an optimizer or a map with that name as its one key, "
                + "found a map of the keys sgd, adam"
        },
        {
            "optimizer: [ sgd ]",
            "11: 'optimizer' must be the name of an optimizer or a map with that name as its one key, found a list"
        },
        {
            "optimizer: {}",
            "11: 'optimizer' must be the name of an optimizer or a map with that name as its one key, "
                + "found a map of no keys"
        },
        { "optimizer:", "11: 'optimizer' has no value" },
        {
            "optimizer: { sgd: 0.1 }",
            "11: 'sgd' must be a map of the keys lr, weight-decay, decoupled, groups, momentum, nesterov, found '0.1'"
        },
        { "training: { batch: 64 }", "12: 'training' doesn't say how long; give 'epochs' or 'steps'" },
        { "training: { epochs: 1, steps: 2 }", "12: 'training' has both 'epochs' and 'steps'; give one of them" },
        { "training: { epochs: 1.5 }", "12: 'epochs' in 'training' must be a whole number, found '1.5'" },
        {
            "training: { epochs: 0 }",
            "12: 'epochs' in 'training' must be at least 1 and at most 1,000,000, found '0'"
        },
        {
            "training: { epochs: 99999999999 }",
            "12: 'epochs' in 'training' must be at least 1 and at most 1,000,000, found '99999999999'"
        },
        {
            "training: { epochs: 1, validation: 1 }",
            "12: 'validation' in 'training' must be above 0 and below 1, found '1'"
        },
        {
            "training: { epochs: 1, clip: { nrm: 1 } }",
            "12: clipping 'nrm' is unknown; did you mean 'norm'? "
                + "expected one of: adaptive, norm, per-parameter, percentile, value"
        },
        {
            "training: { epochs: 1, clip: { percentile: 101 } }",
            "12: 'percent' in 'percentile' must be at least 0 and at most 100, found '101'"
        },
        {
            "training: { epochs: 1, regularizers: [ l2 ] }",
            "12: 'l2' needs more than its name; write l2: { factor: … }"
        },
        {
            "training: { epochs: 1, regularizers: { l2: 1 } }",
            "12: 'regularizers' in 'training' must be a list, found a map"
        },
        {
            "training: { epochs: 1, regularizers: [ l3: 1 ] }",
            "12: regularizer 'l3' is unknown; did you mean 'l1'? "
                + "expected one of: l1, l2, norm-preservation, orthogonality, spectral-norm"
        },
        {
            "training: { epochs: 1, regularizers: [ { l1: -1 } ] }",
            "12: 'factor' in 'l1' must be at least 0, found '-1'"
        },
        {
            "training: { epochs: 1, non-finite: ignore }",
            "12: way to treat non-finite steps 'ignore' is unknown; expected one of: error, restore, skip"
        },
        {
            "training: { epochs: 1, non-finite: { restore: 0.5 } }",
            "12: 'restore' must be a map of the keys factor, every, at-most, found '0.5'"
        },
        {
            "training: { epochs: 1, non-finite: { skip: 0 } }",
            "12: 'at-most' in 'skip' must be at least 1 and at most 1,000,000, found '0'"
        },
        { "training: { epochs: 1, clip: norm }", "12: 'norm' needs more than its name; write norm: { max: … }" },
        {
            "training: { epochs: 1, truncate: 0 }",
            "12: 'window' in 'truncate' must be at least 1 and at most 1,000,000, found '0'"
        },
        {
            "training: { steps: 20, warm-up: 21 }",
            "12: 'warm-up' of 21 steps in a training of 20; expected at most as many"
        },
        { "training: 3", "12: 'training' must be a map of keys, found '3'" },
        {
            "training: { epochs: 1, schedule: { step: { every: 0 } } }",
            "12: 'every' in 'step' must be at least 1 and at most 1,000,000,000, found '0'"
        },
        {
            "training: { epochs: 1, schedule: { on-plateau: { of: loss } } }",
            "12: 'of' in 'on-plateau' is 'loss'; expected one of: validation-loss, validation-metric, training-loss"
        },
        {
            "training: { epochs: 1, schedule: { on-plateau: { factor: 1 } } }",
            "12: 'factor' in 'on-plateau' must be above 0 and below 1, found '1'"
        },
        {
            "training: { epochs: 1, schedule: exponential }",
            "12: 'exponential' needs more than its name; write exponential: { every: … }"
        },
        {
            "training: { epochs: 1, schedule: { constant: 3 } }",
            "12: 'constant' takes no value; write it as a bare name"
        },
        {
            "training: { epochs: 1, schedule: { constant: { a: 3 } } }",
            "12: key 'a' is unknown in 'constant', which takes no keys"
        },
        {
            "loss: crossentropy",
            "10: loss 'crossentropy' is unknown; did you mean 'cross-entropy'? "
                + "expected one of: binary-cross-entropy, cross-entropy, mse, nll-probabilities"
        },
        { "seed: -1", "2: 'seed' must be at least 0, found '-1'" },
        { "seed: 3000000000", "2: 'seed' must be a whole number, at most 2,147,483,647, found '3000000000'" },
        { "seed: seven", "2: 'seed' must be a whole number, found 'seven'" },
        {
            "name: a/b",
            "1: 'name' must be up to 80 letters, digits, '.', '-' or '_', and begin with a letter or digit, found 'a/b'"
        },
        { "name: ''", "1: 'name' must be a text, found the text ''" },
        { "name: \"a\\0b\"", "1: 'name' must be a text, found the text 'a·b'" },
        { "name: [a]", "1: 'name' must be a text, found a list" },
        { "data: &d strokes", "3: has an anchor (&), which is not supported; use 'repeat' for equal layers" },
        { "data: *d", "3: has an alias (*), which is not supported; use 'repeat' for equal layers" },
        { "data: !!binary abc", "3: has a tag (!), which is not supported" },
        {
            "data: { mnist: { path: x, scale: units } }",
            "3: 'scale' in 'mnist' is 'units'; did you mean 'unit'? expected one of: unit, standard, none"
        },
        { "data: { mnist: {} }", "3: key 'path' is missing in 'mnist'" },
        { "data: mnist", "3: 'mnist' needs more than its name; write mnist: { path: … }" },
        { "data: { strokes: { size: 2 } }", "3: 'size' in 'strokes' must be at least 8 and at most 64, found '2'" },
        {
            "data: { agreement: { distance: 5 } }",
            "3: 'distance' in 'agreement' must be at least 6 and at most 2,000, found '5'"
        },
        {
            "data: { agreement: { languages: 9 } }",
            "3: 'languages' in 'agreement' must be at least 2 and at most 8, found '9'"
        },
        {
            "data: { agreement: { distance: 2000, train: 5000, test: 1000 } }",
            "3: 'agreement' has 469,170,000 numbers in all; at most 268,435,456 fit"
        },
        {
            "data: { adding: { length: 10000, train: 100000 } }",
            "3: 'adding' has 2,020,000,000 numbers in all; at most 268,435,456 fit"
        },
        { "data: { adding: { length: 1 } }",
            "3: 'length' in 'adding' must be at least 2 and at most 10,000, found '1'" },
        { "data: { adding: { length: [1, 5] } }",
            "3: 'length' in 'adding' must be at least 2 and at most 10,000, found '1' in [1, 5]" },
        { "data: { adding: { length: [5, 10001] } }",
            "3: 'length' in 'adding' must be at least 2 and at most 10,000, found '10001' in [5, 10001]" },
        { "data: { adding: { length: [10, 5] } }",
            "3: 'length' in 'adding' is from 10 to 5; expected the least first" },
        { "data: { adding: { length: [10] } }",
            "3: 'length' in 'adding' must be a whole number, or the least and the most, such as [50, 100]; "
                + "found a list" },
        { "data: { adding: { length: long } }",
            "3: 'length' in 'adding' must be a whole number, or the least and the most, such as [50, 100]; "
                + "found 'long'" },
        { "data: { latch: { length: [3, 9] } }", "3: 'shown' in 'latch' is 3 of 3 steps; expected fewer" },
        { "data: { copy: { length: [10, 10000], train: 100000 } }",
            "3: 'copy' has 10,120,200,000 numbers in all; at most 268,435,456 fit" },
        { "data: { temporal-order: { symbols: 4 } }",
            "3: 'symbols' in 'temporal-order' must be at least 2 and at most 3, found '4'" },
        { "data: { lag: { variant: noisy } }",
            "3: 'variant' in 'lag' is 'noisy'; expected one of: noise-free, random, open" },
        { "data: { reber: { longest: 9 } }",
            "3: 'longest' in 'reber' must be at least 10 and at most 1,000, found '9'" },
        { "data: { mackey-glass: { length: 50, washout: 50 } }",
            "3: 'washout' in 'mackey-glass' is 50 of 50 steps; expected fewer" },
        { "data: { narma10: { length: 100000 } }",
            "3: 'narma10' has 1,200,000,000 numbers in all; at most 268,435,456 fit" },
        { "data: { pixel-mnist: { path: mnist, pool: 0 } }",
            "3: 'pool' in 'pixel-mnist' must be at least 1 and at most 100, found '0'" },
        { "data: { latch: { length: 3 } }", "3: 'shown' in 'latch' is 3 of 3 steps; expected fewer" },
        { "data: { latch: { noise: -1 } }", "3: 'noise' in 'latch' must be at least 0 and at most 10, found '-1'" },
        { "data: { csv: { path: x, target: [] } }", "3: 'target' in 'csv' is empty; expected at least one entry" },
        {
            "data: { csv: { path: x, target: [a, b], classes: 2 } }",
            "3: 'target' in 'csv' has several columns, but labels of 'classes' stand in one"
        },
        { "data: { csv: { path: x, target: [y, z, y] } }", "3: 'target' in 'csv' names 'y' twice" },
        { "? [a]\n: b", "13: a key must be a word, found a list or a map" },
        {
            "dta: strokes",
            "13: key 'dta' is unknown in the experiment; did you mean 'data'? "
                + "expected one of: name, seed, data, model, loss, optimizer, training"
        },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public void A_wrong_line_is_named_with_what_was_expected(string line, string expected)
    {
        string text = Samples.With(line);
        if (text == Samples.Small)
            text += line;

        Refusal.Of(text).ShouldBe("bad.yaml:" + expected);
    }
}
