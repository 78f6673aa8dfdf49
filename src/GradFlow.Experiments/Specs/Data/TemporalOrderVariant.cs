namespace GradFlow.Experiments;

/// <summary>Whose temporal order problem it is.</summary>
public enum TemporalOrderVariant
{
    /// <summary>Pascanu, Mikolov and Bengio 2013: X or Y at a random step of the second and the fifth tenth; of three
    /// in the second, fourth and seventh. All else are distractors.</summary>
    Pascanu,

    /// <summary>Hochreiter and Schmidhuber 1997: the first step shows E and the last one B, which asks for the answer.
    /// Of 100 steps X or Y stand at one from 10 to 20 and one from 50 to 60; of three from 10 to 20, 33 to 43 and 66 to
    /// 76; other lengths in proportion, and of several lengths by the shortest, as there of 100 to 110.</summary>
    Hochreiter,
}
