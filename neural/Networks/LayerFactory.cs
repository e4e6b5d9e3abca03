using System.Globalization;
using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>Makes a layer from how it is written and the shape that goes into it.</summary>
internal static class LayerFactory
{
    private const int WidthMax = 1 << 20;

    private static readonly Dictionary<string, Func<LayerSpec, TensorShape, Layer>> Makers = new()
    {
        ["dense"] = Dense,
        ["conv"] = Conv,
        ["depthwise"] = Depthwise,
        ["maxpool"] = (spec, input) => Pool(spec, input, PoolingKind.Maximum),
        ["avgpool"] = (spec, input) => Pool(spec, input, PoolingKind.Average),
        ["global_maxpool"] = (spec, input) => GlobalPool(spec, input, PoolingKind.Maximum),
        ["global_avgpool"] = (spec, input) => GlobalPool(spec, input, PoolingKind.Average),
        ["batch_norm"] = (_, input) => new BatchNormalizationLayer(input),
        ["layer_norm"] = (_, input) => new NormalizationLayer(input),
        ["dropout"] = (spec, input) => new DropoutLayer(input, Number(spec, 0, 0, 0.99)),
        ["flatten"] = (_, input) => new FlattenLayer(input),
        ["embedding"] = Embedding,
        ["position"] = (_, input) => new PositionLayer(input),
        ["gru"] = (spec, input) => new GruLayer(
            input, WholeNumber(spec, 0, 1, 1 << 14), HasWord(spec, "sequence")),
        ["lstm"] = (spec, input) => new LstmLayer(
            input, WholeNumber(spec, 0, 1, 1 << 14), HasWord(spec, "sequence")),
        ["attention"] = Attention,
        ["relu"] = (_, input) => new ActivationLayer(input, ActivationKind.Relu),
        ["leaky_relu"] = (_, input) => new ActivationLayer(input, ActivationKind.LeakyRelu),
        ["sigmoid"] = (_, input) => new ActivationLayer(input, ActivationKind.Sigmoid),
        ["tanh"] = (_, input) => new ActivationLayer(input, ActivationKind.Tanh),
        ["gelu"] = (_, input) => new ActivationLayer(input, ActivationKind.Gelu),
        ["elu"] = (_, input) => new ActivationLayer(input, ActivationKind.Elu),
        ["selu"] = (_, input) => new ActivationLayer(input, ActivationKind.Selu),
        ["silu"] = (_, input) => new ActivationLayer(input, ActivationKind.Silu),
        ["softplus"] = (_, input) => new ActivationLayer(input, ActivationKind.Softplus),
        ["relu6"] = (_, input) => new ActivationLayer(input, ActivationKind.Relu6),
        ["hard_sigmoid"] = (_, input) => new ActivationLayer(input, ActivationKind.HardSigmoid),
        ["hard_swish"] = (_, input) => new ActivationLayer(input, ActivationKind.HardSwish),
        ["linear"] = (_, input) => new ActivationLayer(input, ActivationKind.Identity),
    };

    /// <summary>The names of all layers.</summary>
    public static IEnumerable<string> Names =>
        Makers.Keys.Concat(["residual", "transformer", "separable"]);

    /// <summary>The layer that is written so.</summary>
    public static Layer Create(LayerSpec spec, TensorShape input) =>
        Makers.TryGetValue(spec.Name, out Func<LayerSpec, TensorShape, Layer>? make)
            ? make(spec, input)
            : throw NeuralErrors.UnknownName("layer", spec.Name, Names);

    /// <summary>The same layer with a rectifier behind it.</summary>
    public static Layer Rectify(Layer layer, TensorShape input)
    {
        string text = layer.Text[..^1] + ", relu)";
        return Create(LayerTextParser.Parse(text)[0], input);
    }

    /// <summary>A convolution of one pixel, or a dense layer, from one shape to another.</summary>
    public static Layer Projection(TensorShape from, TensorShape to)
    {
        int stride = (from.Height + to.Height - 1) / to.Height;
        ConvolutionShape shape = ConvolutionShape.Create(
            from.Height, from.Width, from.Channels, to.Channels, 1, 1, stride, true);
        return shape.OutHeight == to.Height && shape.OutWidth == to.Width
            ? new ConvolutionLayer(from, shape, true, false)
            : throw NeuralErrors.InvalidModel(
                $"A residual block turns {from} into {to}; the way around can change the number "
                + "of channels and divide both sides by one stride.");
    }

    /// <summary>A whole number among the arguments that have no name.</summary>
    public static int WholeNumber(LayerSpec spec, int index, int min, int max)
    {
        double number = Number(spec, index, min, max);
        return number == Math.Floor(number)
            ? (int)number
            : throw NeuralErrors.InvalidModel(
                $"{spec.Name} takes whole numbers, not {number}.");
    }

    private static double Number(LayerSpec spec, int index, double min, double max)
    {
        double? number = spec.Arguments
            .Where(argument => argument.Name == null && argument.Number != null)
            .Select(argument => argument.Number)
            .ElementAtOrDefault(index);
        return number >= min && number <= max
            ? number.Value
            : throw NeuralErrors.InvalidModel(string.Create(
                CultureInfo.InvariantCulture,
                $"Number {index + 1} of {spec.Name} must be from {min} to {max}."));
    }

    private static int Named(LayerSpec spec, string name, int otherwise)
    {
        double number = spec.Arguments.FirstOrDefault(it => it.Name == name)?.Number ?? otherwise;
        return number is >= 1 and <= 1024 && number == Math.Floor(number)
            ? (int)number
            : throw NeuralErrors.InvalidModel($"{name} of {spec.Name} must be from 1 to 1024.");
    }

    private static bool HasWord(LayerSpec spec, string word) =>
        spec.Parts.Any(part => part.Name == word);

    private static void CheckWords(LayerSpec spec, params string[] known)
    {
        IEnumerable<string> words = spec.Parts.Select(part => part.Name)
            .Concat(spec.Arguments.Select(it => it.Name).OfType<string>());
        foreach (string word in words)
        {
            if (!known.Contains(word))
            {
                throw NeuralErrors.UnknownName($"argument of {spec.Name}", word, known);
            }
        }
    }

    private static DenseLayer Dense(LayerSpec spec, TensorShape input)
    {
        CheckWords(spec, "relu");
        return new DenseLayer(
            input, WholeNumber(spec, 0, 1, WidthMax), HasWord(spec, "relu"));
    }

    private static ConvolutionLayer Conv(LayerSpec spec, TensorShape input)
    {
        CheckWords(spec, "relu", "same", "valid", "stride", "width", "pad");
        int filters = WholeNumber(spec, 0, 1, WidthMax);
        bool isSame = HasWord(spec, "same");
        ConvolutionShape shape = ShapeOf(spec, input, filters, 1, Named(spec, "stride", 1));
        return new ConvolutionLayer(input, shape, isSame, HasWord(spec, "relu"));
    }

    private static DepthwiseLayer Depthwise(LayerSpec spec, TensorShape input)
    {
        CheckWords(spec, "same", "valid", "stride", "width", "pad");
        ConvolutionShape shape = ShapeOf(
            spec, input, input.Channels, 0, Named(spec, "stride", 1));
        return new DepthwiseLayer(input, shape, HasWord(spec, "same"));
    }

    private static PoolingLayer Pool(LayerSpec spec, TensorShape input, PoolingKind kind)
    {
        CheckWords(spec, "same", "valid", "stride", "width", "pad");
        int size = WholeNumber(spec, 0, 1, 16);
        int stride = Named(spec, "stride", size);
        ConvolutionShape shape = ShapeOf(spec, input, input.Channels, 0, stride);
        string text = $"{spec.Name}({LayerNames.Number(size)}, stride="
            + $"{LayerNames.Number(stride)}"
            + (HasWord(spec, "same") ? ", same)"
                : shape.PadLeft > 0 ? $", pad={LayerNames.Number(shape.PadLeft)})" : ")");
        return new PoolingLayer(input, kind, shape, text);
    }

    private static PoolingLayer GlobalPool(LayerSpec spec, TensorShape input, PoolingKind kind)
    {
        if (kind == PoolingKind.Maximum && input.Places > 256)
        {
            throw NeuralErrors.InvalidModel(
                $"global_maxpool takes at most 256 places, not those of {input}.");
        }

        ConvolutionShape shape = ConvolutionShape.Create(
            input.Height,
            input.Width,
            input.Channels,
            input.Channels,
            input.Height,
            input.Width,
            1,
            false);
        return new PoolingLayer(input, kind, shape, spec.Name);
    }

    private static EmbeddingLayer Embedding(LayerSpec spec, TensorShape input) => new(
        input, WholeNumber(spec, 0, 1, 1 << 24), WholeNumber(spec, 1, 1, 4096));

    private static AttentionLayer Attention(LayerSpec spec, TensorShape input)
    {
        int heads = WholeNumber(spec, 0, 1, 64);
        return input.Channels % heads == 0
            ? new AttentionLayer(input, heads)
            : throw NeuralErrors.InvalidModel(
                $"attention({heads}) cannot share {input.Channels} channels evenly.");
    }

    private static ConvolutionShape ShapeOf(
        LayerSpec spec, TensorShape input, int filters, int kernelAt, int stride)
    {
        int size = WholeNumber(spec, kernelAt, 1, 64);

        // A sequence is an image one pixel high.
        int height = input.Height == 1 && input.Width > 1 ? 1 : size;
        int width = Named(spec, "width", size);
        bool isSame = HasWord(spec, "same");
        int pad = spec.Arguments.Any(static it => it.Name == "pad") ? Named(spec, "pad", 1) : 0;
        int padTop = height == 1 ? 0 : pad;
        if (pad >= width || (padTop > 0 && pad >= height) || (pad > 0 && isSame))
        {
            throw NeuralErrors.InvalidModel(
                $"pad of {spec.Name} must be less than its size, and same takes none.");
        }

        if (!isSame && (input.Height + (2 * padTop) < height || input.Width + (2 * pad) < width))
        {
            throw NeuralErrors.InvalidModel(
                $"{spec.Name} needs at least {height}x{width} places, but gets {input}; write "
                + "same to add zeros around.");
        }

        return pad > 0
            ? ConvolutionShape.Padded(
                input.Height, input.Width, input.Channels, filters, height, width, stride, pad)
            : ConvolutionShape.Create(
                input.Height, input.Width, input.Channels, filters, height, width, stride,
                isSame);
    }
}
