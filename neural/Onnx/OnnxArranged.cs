namespace NeuroDb.Neural;

/// <summary>
/// A value of an ONNX graph on its way through reshapes, slices and transpositions: whose numbers
/// they are, and how rows, places and channels lie in its axes. Immutable.
/// </summary>
/// <param name="Kind">What the numbers are.</param>
/// <param name="Step">The step whose channels they are, of features.</param>
/// <param name="Dimensions">
/// The axes, each the product of its parts; one without parts has the size 1.
/// </param>
internal sealed record OnnxArranged(
    OnnxArrangedKind Kind,
    OnnxStep Step,
    IReadOnlyList<IReadOnlyList<OnnxAxis>> Dimensions)
{
    /// <summary>The first channel of the step.</summary>
    public long Offset { get; init; }

    /// <summary>What all numbers are multiplied by.</summary>
    public float Factor { get; init; } = 1;

    /// <summary>The queries behind scores.</summary>
    public OnnxArranged? Query { get; init; }

    /// <summary>The keys behind scores.</summary>
    public OnnxArranged? Key { get; init; }

    /// <summary>The values behind what is heard.</summary>
    public OnnxArranged? Value { get; init; }

    /// <summary>The sizes of the axes.</summary>
    public long[] Sizes => [.. Dimensions.Select(static it => SizeOf(it))];

    /// <summary>The last axis.</summary>
    public IReadOnlyList<OnnxAxis> Last => Dimensions[^1];

    /// <summary>A step as it lies, with so many rows; null where that is not known.</summary>
    public static OnnxArranged? Of(OnnxStep step, long rows)
    {
        TensorShape shape = step.Shape;
        OnnxAxis row = new(OnnxAxisKind.Row, rows, 1);
        OnnxAxis places = new(OnnxAxisKind.Place, shape.Places, 1);
        OnnxAxis channels = new(OnnxAxisKind.Channel, shape.Channels, 1);
        OnnxAxis[]? axes = (step.Rank, step.Order) switch
        {
            (2, OnnxOrder.Last or OnnxOrder.First) when shape.IsFlat => [row, channels],
            (3, OnnxOrder.Last) => [row, places, channels],
            (3, OnnxOrder.First) => [row, channels, places],
            (3, OnnxOrder.StepsFirst) => [places, row, channels],
            (4, OnnxOrder.Last) =>
            [
                row, new(OnnxAxisKind.Place, shape.Height, shape.Width),
                new(OnnxAxisKind.Place, shape.Width, 1), channels,
            ],
            (4, OnnxOrder.First) =>
            [
                row, channels, new(OnnxAxisKind.Place, shape.Height, shape.Width),
                new(OnnxAxisKind.Place, shape.Width, 1),
            ],
            _ => null,
        };
        return axes is null ? null : new OnnxArranged(
            OnnxArrangedKind.Features,
            step,
            [.. axes.Select(static it => it.Size == 1 ? Array.Empty<OnnxAxis>() : [it])]);
    }

    /// <summary>The same numbers in axes of these sizes; null if parts would be torn.</summary>
    public OnnxArranged? Reshaped(IReadOnlyList<long> sizes)
    {
        if (sizes.Any(static it => it < 1))
        {
            return null;
        }

        var parts = new Queue<OnnxAxis>(Dimensions.SelectMany(static it => it));
        OnnxAxis? rest = null;
        var dimensions = new List<IReadOnlyList<OnnxAxis>>();
        foreach (long size in sizes)
        {
            var own = new List<OnnxAxis>();
            long left = size;
            while (left > 1)
            {
                if (rest is null && parts.Count == 0)
                {
                    return null;
                }

                OnnxAxis part = rest ?? parts.Dequeue();
                rest = null;
                if (left % part.Size == 0)
                {
                    left /= part.Size;
                }
                else if (part.Size % left == 0)
                {
                    long inner = part.Size / left;
                    rest = part with { Size = inner };
                    part = part with { Size = left, Stride = part.Stride * inner };
                    left = 1;
                }
                else
                {
                    return null;
                }

                Append(own, part);
            }

            dimensions.Add(own);
        }

        return rest is null && parts.Count == 0 ? this with { Dimensions = dimensions } : null;
    }

    /// <summary>The axes in another order; null if the order is none.</summary>
    public OnnxArranged? Transposed(IReadOnlyList<long> order) =>
        order.Count == Dimensions.Count
        && order.Order().SequenceEqual(Enumerable.Range(0, order.Count).Select(it => (long)it))
            ? this with { Dimensions = [.. order.Select(it => Dimensions[(int)it])] }
            : null;

    /// <summary>Channels from a first one on; null if the axis holds others.</summary>
    public OnnxArranged? Sliced(long axis, long start, long end)
    {
        int at = (int)(axis < 0 ? axis + Dimensions.Count : axis);
        if (at < 0 || at >= Dimensions.Count || !IsOne(Dimensions[at], OnnxAxisKind.Channel))
        {
            return null;
        }

        OnnxAxis part = Dimensions[at][0];
        start = Math.Clamp(start < 0 ? start + part.Size : start, 0, part.Size);
        end = Math.Clamp(end < 0 ? end + part.Size : end, 0, part.Size);
        if (end <= start)
        {
            return null;
        }

        IReadOnlyList<OnnxAxis>[] dimensions = [.. Dimensions];
        dimensions[at] = end - start == 1 ? [] : [part with { Size = end - start }];
        return this with
        {
            Dimensions = dimensions, Offset = Offset + (start * part.Stride),
        };
    }

    /// <summary>One of the channels of an axis, which goes; null if it holds others.</summary>
    public OnnxArranged? Chosen(long axis, long index)
    {
        int at = (int)(axis < 0 ? axis + Dimensions.Count : axis);
        return Sliced(at, index, index == -1 ? long.MaxValue : index + 1) is { } sliced
            ? sliced with
            {
                Dimensions = [.. sliced.Dimensions.Where((_, i) => i != at)],
            }
            : null;
    }

    /// <summary>
    /// Whether the step was made for this value, so that no other value stands for it.
    /// </summary>
    public bool IsNew { get; init; }

    /// <summary>The step that this is, if it is all of one in an order of steps.</summary>
    public OnnxStep? AsStep()
    {
        int rank = Dimensions.Count;
        bool isWhole = Kind == OnnxArrangedKind.Features && Offset == 0 && Factor == 1;
        if (!isWhole || rank is not (3 or 4) || OrderOf(rank) is not { } order)
        {
            return null;
        }

        return Step.Order == order && Step.Rank == rank ? Step
            : IsNew ? Step with { Order = order, Rank = rank }
            : Step.Seen(order) with { Rank = rank };
    }

    private OnnxOrder? OrderOf(int rank)
    {
        TensorShape shape = Step.Shape;
        bool IsPlaces(int at) => IsAll(Dimensions[at], OnnxAxisKind.Place, shape.Places);
        bool IsChannels(int at) => IsAll(Dimensions[at], OnnxAxisKind.Channel, shape.Channels);
        bool hasRowsFirst = IsRows(Dimensions[0]);
        if (rank == 4)
        {
            bool isImage = hasRowsFirst && IsChannels(3)
                && Dimensions[2].Count == (shape.Width == 1 ? 0 : 1)
                && (shape.Width == 1 || Dimensions[2][0] == new OnnxAxis(
                    OnnxAxisKind.Place, shape.Width, 1))
                && (shape.Height == 1 ? Dimensions[1].Count == 0
                    : Dimensions[1].Count == 1 && Dimensions[1][0] == new OnnxAxis(
                        OnnxAxisKind.Place, shape.Height, shape.Width));
            return isImage ? OnnxOrder.Last : null;
        }

        return hasRowsFirst && IsPlaces(1) && IsChannels(2) ? OnnxOrder.Last
            : IsPlaces(0) && IsRows(Dimensions[1]) && IsChannels(2) ? OnnxOrder.StepsFirst
            : hasRowsFirst && IsChannels(1) && IsPlaces(2) && shape.Height == 1
                ? OnnxOrder.First : null;
    }

    /// <summary>Whether an axis is one part of a kind.</summary>
    public static bool IsOne(IReadOnlyList<OnnxAxis> dimension, OnnxAxisKind kind) =>
        dimension.Count == 1 && dimension[0].Kind == kind;

    /// <summary>Whether an axis holds all that there are of a kind, in order.</summary>
    public static bool IsAll(IReadOnlyList<OnnxAxis> dimension, OnnxAxisKind kind, long size) =>
        size == 1 ? dimension.Count == 0
            : IsOne(dimension, kind) && dimension[0].Size == size && dimension[0].Stride == 1;

    private static bool IsRows(IReadOnlyList<OnnxAxis> dimension) =>
        dimension.Count == 0 || IsOne(dimension, OnnxAxisKind.Row);

    private static long SizeOf(IReadOnlyList<OnnxAxis> dimension) =>
        dimension.Aggregate(1L, static (size, part) => size * part.Size);

    // Neighbours that were one part become one again.
    private static void Append(List<OnnxAxis> own, OnnxAxis part)
    {
        if (own.Count > 0 && own[^1].Kind == part.Kind
            && own[^1].Stride == part.Stride * part.Size)
        {
            own[^1] = part with { Size = own[^1].Size * part.Size };
            return;
        }

        own.Add(part);
    }
}
