using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace NeuroDb.Gpu;

/// <content>Opening of CUDA devices, in builds that hold ILGPU.</content>
internal sealed partial class AcceleratorPool
{
    static partial void OpenCuda(ref Accelerator? accelerator, ref string missing)
    {
        Context context = Context.Create(builder => builder.Cuda().EnableAlgorithms());
        try
        {
            if (context.GetCudaDevices().Count == 0)
            {
                missing = "this machine shows no CUDA device (is the NVIDIA driver installed?)";
            }
            else
            {
                accelerator = new DeviceAccelerator(context, context.CreateCudaAccelerator(0));
            }
        }
        catch (AcceleratorException failure)
        {
            missing = $"the CUDA device does not open: {failure.Message}";
        }
        finally
        {
            if (accelerator is null)
            {
                context.Dispose();
            }
        }
    }
}
