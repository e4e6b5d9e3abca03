namespace NeuroDb.Neural;

/// <summary>How the trees of a model make its output.</summary>
internal enum TreeJoin
{
    /// <summary>The mean of the trees.</summary>
    Mean,

    /// <summary>The sum of the trees.</summary>
    Sum,

    /// <summary>
    /// The sum of the trees, tree t for class t modulo classes, through a softmax.
    /// </summary>
    Softmax,

    /// <summary>2 to the power of minus the mean depth over the depth expected.</summary>
    Isolation,
}
