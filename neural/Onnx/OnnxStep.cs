namespace NeuroDb.Neural;

/// <summary>
/// A value of an ONNX graph as a step from the one before it: the layer that makes it, and how its
/// numbers lie. Steps form a tree with the input as its root, and the way from the root to the
/// output is the network.
/// </summary>
/// <param name="Parent">The step before; null of the input.</param>
/// <param name="Text">The layer as it is written; empty if nothing is computed.</param>
/// <param name="Parameters">The numbers of its parameters in our order.</param>
/// <param name="Shape">The shape of an example.</param>
/// <param name="Order">How its numbers lie.</param>
internal sealed record OnnxStep(
    OnnxStep? Parent,
    string Text,
    IReadOnlyList<float[]> Parameters,
    TensorShape Shape,
    OnnxOrder Order)
{
    /// <summary>Steps from the input.</summary>
    public int Depth { get; } = Parent is null ? 0 : Parent.Depth + 1;

    /// <summary>The shape of the image before it was made flat, of <c>FlatFirst</c>.</summary>
    public TensorShape Image { get; init; } = Shape;

    /// <summary>
    /// The axes that the value has: 4 of an image, 3 of a sequence, 2 of plain numbers.
    /// </summary>
    public int Rank { get; init; } = Shape.IsFlat ? 2 : Parent?.Rank ?? 4;

    /// <summary>A step behind this one.</summary>
    public OnnxStep Then(string text, TensorShape shape, params float[][] parameters) =>
        new(this, text, parameters, shape, Order) { Image = Image };

    /// <summary>A step behind this one that gives plain numbers.</summary>
    public OnnxStep Flat(string text, int length, params float[][] parameters) =>
        new(this, text, parameters, TensorShape.Flat(length), OnnxOrder.Last);

    /// <summary>The same numbers, said to lie otherwise.</summary>
    public OnnxStep Seen(OnnxOrder order) =>
        new(this, "", [], Shape, order) { Image = Image, Rank = Rank };

    /// <summary>
    /// Numbers, one or a row of them for each place, in our order of the places.
    /// </summary>
    public float[] Reorder(float[] rows)
    {
        if (Order != OnnxOrder.FlatFirst)
        {
            return rows;
        }

        int places = Image.Places;
        int length = rows.Length / Image.Length;
        var ours = new float[rows.Length];
        for (int channel = 0; channel < Image.Channels; channel++)
        {
            for (int place = 0; place < places; place++)
            {
                rows.AsSpan(((channel * places) + place) * length, length)
                    .CopyTo(ours.AsSpan(((place * Image.Channels) + channel) * length));
            }
        }

        return ours;
    }

    /// <summary>
    /// The steps with layers from another one, which comes before, up to this one.
    /// </summary>
    public List<OnnxStep> Since(OnnxStep before)
    {
        var steps = new List<OnnxStep>();
        for (OnnxStep step = this; !ReferenceEquals(step, before); step = step.Parent!)
        {
            Invariant.Check(step.Parent is not null, "a step comes behind the other");
            if (step.Text.Length > 0)
            {
                steps.Add(step);
            }
        }

        steps.Reverse();
        return steps;
    }

    /// <summary>The last step that both come from.</summary>
    public static OnnxStep Common(OnnxStep first, OnnxStep second)
    {
        while (!ReferenceEquals(first, second))
        {
            if (first.Depth >= second.Depth)
            {
                first = first.Parent!;
            }
            else
            {
                second = second.Parent!;
            }
        }

        return first;
    }
}
