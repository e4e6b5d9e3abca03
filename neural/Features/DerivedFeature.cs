namespace NeuroDb.Neural;

/// <summary>
/// Numbers that are made of a value by a rule of their own, beside the transforms that scale and
/// place values. Owned by a <see cref="FittedTransform"/>; immutable after <see cref="EndFit"/>.
/// </summary>
internal abstract class DerivedFeature
{
    /// <summary>How many numbers come out.</summary>
    public abstract int Length { get; }

    /// <summary>The feature of a transform; null for those that are none.</summary>
    public static DerivedFeature? Of(TransformSpec spec) => spec.Kind switch
    {
        TransformKind.Bucketize => new BucketFeature(spec.Size),
        TransformKind.TargetEncode => new TargetMeanFeature(spec.Column),
        TransformKind.Cross => new CrossFeature(spec.Partner!, spec.Size),
        TransformKind.DateParts => new DateFeature(isTime: spec.Size == DateFeature.TimeSize),
        _ => null,
    };

    /// <summary>Learns from a row.</summary>
    public virtual void Observe(RawRows rows, int column, int row)
    {
    }

    /// <summary>Ends learning.</summary>
    public virtual void EndFit()
    {
    }

    /// <summary>Fills the outputs of a row; false if the row cannot be used.</summary>
    public abstract bool TryApply(RawRows rows, int column, int row, Span<float> output);

    /// <summary>What an output means.</summary>
    public abstract string NameOf(string column, int output);

    /// <summary>What was learned, for the file of a model.</summary>
    public virtual void Write(ByteWriter writer)
    {
    }

    /// <summary>Takes what was written.</summary>
    public virtual void Read(ref ByteReader reader)
    {
    }
}
