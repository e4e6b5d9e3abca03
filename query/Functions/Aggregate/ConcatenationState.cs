using System.Text;

namespace NeuroDb.Query;

/// <summary>
/// group_concat and string_agg: the texts that are not NULL in the order they come, each but the
/// first after the separator of its row; NULL of nothing.
/// </summary>
internal sealed class ConcatenationState : AggregateState
{
    private StringBuilder?[] _texts = [];

    /// <inheritdoc/>
    public override void Update(ColumnBuffer[] arguments, ReadOnlySpan<int> groupOfRow)
    {
        ReadOnlySpan<string> values = ((ColumnBuffer<string>)arguments[0]).Values;
        ReadOnlySpan<string> separators = ((ColumnBuffer<string>)arguments[1]).Values;
        for (int i = 0; i < groupOfRow.Length; i++)
        {
            if (arguments[0].IsNull(i))
            {
                continue;
            }

            ref StringBuilder? text = ref _texts[groupOfRow[i]];
            if (text is null)
            {
                text = new StringBuilder();
            }
            else if (!arguments[1].IsNull(i))
            {
                text.Append(separators[i]);
            }

            if (text.Length + values[i].Length > Limits.ValueSizeBytesMax / sizeof(char))
            {
                throw new ResourceLimitException(
                    ErrorCode.ResourceLimit,
                    $"A text of group_concat is longer than {Limits.ValueSizeBytesMax} bytes.");
            }

            text.Append(values[i]);
        }
    }

    /// <inheritdoc/>
    public override ColumnBuffer Finish()
    {
        var builder = new ColumnBuilder<string>(DataType.Text, GroupCount);
        for (int group = 0; group < GroupCount; group++)
        {
            if (_texts[group] is StringBuilder text)
            {
                builder.AppendElement(text.ToString());
            }
            else
            {
                builder.AppendNull();
            }
        }

        return builder.Build();
    }

    /// <inheritdoc/>
    protected override void Grow(int count) => Resize(ref _texts, count);
}
