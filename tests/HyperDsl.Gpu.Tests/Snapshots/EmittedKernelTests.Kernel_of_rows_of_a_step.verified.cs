internal static readonly GpuKernel<RowsOfStepArguments> RowsOfStepKernel = new("RowsOfStep", RowsOfStep, threads: 256);

internal struct RowsOfStepArguments
{
    public ArrayView<float> Parameters;
    public ArrayView<float> Common;
    public ArrayView<float> Scratch;
    public ArrayView<float> Sequence;
    public int Examples;
    public int Steps;
    public int Step;
}

// A step of time, row by row: a group does one example.
private static void RowsOfStep(RowsOfStepArguments args)
{
    ArrayView<float> values = SharedMemory.Allocate<float>(5488);
    ArrayView<float> shared = SharedMemory.Allocate<float>(256);
    int all = args.Examples * args.Steps;
    const int CellHyperBias = 4208; // [16]
    const int CellHyperGateNormGain = 4224; // [4, 4]
    const int CellHyperGateNormShift = 4240; // [4, 4]
    const int CellHyperCellNormGain = 4256; // [4]
    const int CellHyperCellNormShift = 4272; // [4]
    const int CellScaleEmbeddingBias = 4352; // [16]
    const int CellBias = 275760; // [1024]
    const int CellGateNormGain = 276784; // [4, 256]
    const int CellGateNormShift = 277808; // [4, 256]
    const int CellCellNormGain = 278832; // [256]
    const int CellCellNormShift = 279088; // [256]
    const int CellHyperFromStateTransposed = 275696; // [4, 16]
    const int CellHyperFromInputTransposed = 275760; // [256, 16]
    const int CellScaleEmbeddingWeightTransposed = 279856; // [4, 16]
    const int CellBiasEmbeddingWeightTransposed = 279920; // [4, 8]
    const int CellScaleTransposed = 279952; // [8, 2, 256]
    const int CellBiasScaleTransposed = 284048; // [4, 2, 256]
    const int CellHyperC = 16; // [examples] × [4]
    const int CellH = 32; // [examples] × [256]
    const int CellC = 288; // [examples] × [256]
    const int CellFromStateProduct = 7040; // [examples] × [1024]
    const int CellFromInputProduct = 16; // [steps] × [examples] × [1024]
    const int H = 1040; // [steps] × [examples] × [256]
    const int CellHyperFromStateProduct = 0; // [1] × [16]
    const int CellHyperFromInputProduct_2 = 16; // [1] × [16]
    const int Gates = 32; // [1] × [16]
    const int Gates_2 = 48; // [1] × [4, 4]
    const int C = 64; // [1] × [4]
    const int H_2 = 68; // [1] × [4]
    const int Y = 72; // [1] × [16]
    const int Z = 88; // [1] × [16]
    const int Y_2 = 104; // [1] × [8]
    const int D = 112; // [1] × [8, 256]
    const int CellBiasScaleProduct = 2160; // [1] × [4, 256]
    const int Gates_3 = 3184; // [1] × [1024]
    const int Gates_4 = 4208; // [1] × [4, 256]
    const int C_2 = 5232; // [1] × [256]
    int first = Grid.IdxX * 1;
    int present = (args.Step * args.Examples) + first;

    // cellHyperFromStateProduct = cellHyperH · cellHyperFromState
    {
        for (int output = Group.IdxX; output < 16; output += 256)
        {
            int right = output;
            float sum0 = 0f;
            for (int inner = 0; inner < 4; inner++)
            {
                float weight = args.Common[CellHyperFromStateTransposed + right + (inner * 16)];
                sum0 += args.Scratch[(first * 4) + inner] * weight;
            }
            values[CellHyperFromStateProduct + output] = sum0;
        }
    }

    // cellHyperFromInputProduct_2 = cellH · cellHyperFromInput
    {
        for (int output = Group.IdxX; output < 16; output += 256)
        {
            int right = output;
            float sum0 = 0f;
            for (int inner = 0; inner < 256; inner++)
            {
                float weight = args.Common[CellHyperFromInputTransposed + right + (inner * 16)];
                sum0 += args.Scratch[(CellH * args.Examples) + (first * 256) + inner] * weight;
            }
            values[CellHyperFromInputProduct_2 + output] = sum0;
        }
    }
    Group.Barrier();

    // gates = gates + cell.hyper.bias
    {
        for (int index = Group.IdxX; index < 16; index += 256)
        {
            int column = index % 16;
            int local = index / 16;
            float cellHyperFromInputProduct_0 = values[CellHyperFromInputProduct_2 + (local * 16) + column];
            float cellHyperFromInputProduct_1 = args.Sequence[((present + local) * 16) + column];
            float add_2 = cellHyperFromInputProduct_0 + cellHyperFromInputProduct_1;
            float cellHyperFromStateProduct_3 = values[CellHyperFromStateProduct + (local * 16) + column];
            float add_4 = cellHyperFromStateProduct_3 + add_2;
            float cellHyperBias_5 = args.Parameters[CellHyperBias + column];
            float add_6 = add_4 + cellHyperBias_5;
            values[Gates + (local * 16) + column] = add_6;
        }
    }
    Group.Barrier();

    // gates = centred * (1 / sqrt(total * 0.25 + 0.001)) * cell.hyper.gateNorm.gain + cell.hyper.gateNorm.shift
    {
        int lane = Group.IdxX % 4;
        int place = (Group.IdxX / 4);
        bool inside = place < 4;
        int row = inside ? place : 0;
        int row0 = row % 4;
        int local = row / 4;
        float sum_1All = 0f;
        for (int column = lane; column < 4; column += 4)
        {
            float gates_0 = values[Gates + (local * 16) + (row0 * 4) + column];
            sum_1All += gates_0;
        }
        float sum_1 = GroupReduction.Sum(shared, sum_1All, 4);
        float multiply_3 = sum_1 * 0.25f;
        float sum_6All = 0f;
        for (int column = lane; column < 4; column += 4)
        {
            float gates_0 = values[Gates + (local * 16) + (row0 * 4) + column];
            float subtract_4 = gates_0 - multiply_3;
            float multiply_5 = subtract_4 * subtract_4;
            sum_6All += multiply_5;
        }
        float sum_6 = GroupReduction.Sum(shared, sum_6All, 4);
        float multiply_7 = sum_6 * 0.25f;
        float add_9 = multiply_7 + 0.001f;
        float sqrt_10 = MathF.Sqrt(add_9);
        float divide_12 = 1f / sqrt_10;
        for (int column = lane; column < 4; column += 4)
        {
            float gates_0 = values[Gates + (local * 16) + (row0 * 4) + column];
            float subtract_4 = gates_0 - multiply_3;
            float multiply_13 = subtract_4 * divide_12;
            float cellHyperGateNormGain_14 = args.Parameters[CellHyperGateNormGain + (row0 * 4) + column];
            float multiply_15 = multiply_13 * cellHyperGateNormGain_14;
            float cellHyperGateNormShift_16 = args.Parameters[CellHyperGateNormShift + (row0 * 4) + column];
            float add_17 = multiply_15 + cellHyperGateNormShift_16;
            if (inside)
            {
                values[Gates_2 + (local * 16) + (row0 * 4) + column] = add_17;
            }
        }
    }
    Group.Barrier();

    // c = sigmoidOfF * cell.hyper.c + sigmoidOfI * tanhOfG
    // h = sigmoidOfO * tanh(centred * (1 / sqrt(…)) * cell.hyper.cellNorm.gain + cell.hyper.cellNorm.shift)
    {
        int lane = Group.IdxX % 4;
        int place = (Group.IdxX / 4);
        bool inside = place < 1;
        int row = inside ? place : 0;
        int local = row;
        float sum_15All = 0f;
        for (int column = lane; column < 4; column += 4)
        {
            float gates_0 = values[Gates_2 + (local * 16) + 8 + column];
            float add_2 = gates_0 + 1f;
            float sigmoid_3 = DeviceMath.Sigmoid(add_2);
            float cellHyperC_4 = args.Scratch[(CellHyperC * args.Examples) + ((first + local) * 4) + column];
            float multiply_5 = sigmoid_3 * cellHyperC_4;
            float gates_6 = values[Gates_2 + (local * 16) + column];
            float sigmoid_7 = DeviceMath.Sigmoid(gates_6);
            float gates_8 = values[Gates_2 + (local * 16) + 4 + column];
            float tanh_9 = DeviceMath.Tanh(gates_8);
            float multiply_10 = sigmoid_7 * tanh_9;
            float add_11 = multiply_5 + multiply_10;
            if (inside)
            {
                values[C + (local * 4) + column] = add_11;
            }
            sum_15All += add_11;
        }
        float sum_15 = GroupReduction.Sum(shared, sum_15All, 4);
        float multiply_17 = sum_15 * 0.25f;
        float sum_20All = 0f;
        for (int column = lane; column < 4; column += 4)
        {
            float gates_0 = values[Gates_2 + (local * 16) + 8 + column];
            float add_2 = gates_0 + 1f;
            float sigmoid_3 = DeviceMath.Sigmoid(add_2);
            float cellHyperC_4 = args.Scratch[(CellHyperC * args.Examples) + ((first + local) * 4) + column];
            float multiply_5 = sigmoid_3 * cellHyperC_4;
            float gates_6 = values[Gates_2 + (local * 16) + column];
            float sigmoid_7 = DeviceMath.Sigmoid(gates_6);
            float gates_8 = values[Gates_2 + (local * 16) + 4 + column];
            float tanh_9 = DeviceMath.Tanh(gates_8);
            float multiply_10 = sigmoid_7 * tanh_9;
            float add_11 = multiply_5 + multiply_10;
            float subtract_18 = add_11 - multiply_17;
            float multiply_19 = subtract_18 * subtract_18;
            sum_20All += multiply_19;
        }
        float sum_20 = GroupReduction.Sum(shared, sum_20All, 4);
        float multiply_21 = sum_20 * 0.25f;
        float add_23 = multiply_21 + 0.001f;
        float sqrt_24 = MathF.Sqrt(add_23);
        float divide_25 = 1f / sqrt_24;
        for (int column = lane; column < 4; column += 4)
        {
            float gates_0 = values[Gates_2 + (local * 16) + 8 + column];
            float add_2 = gates_0 + 1f;
            float sigmoid_3 = DeviceMath.Sigmoid(add_2);
            float cellHyperC_4 = args.Scratch[(CellHyperC * args.Examples) + ((first + local) * 4) + column];
            float multiply_5 = sigmoid_3 * cellHyperC_4;
            float gates_6 = values[Gates_2 + (local * 16) + column];
            float sigmoid_7 = DeviceMath.Sigmoid(gates_6);
            float gates_8 = values[Gates_2 + (local * 16) + 4 + column];
            float tanh_9 = DeviceMath.Tanh(gates_8);
            float multiply_10 = sigmoid_7 * tanh_9;
            float add_11 = multiply_5 + multiply_10;
            float gates_13 = values[Gates_2 + (local * 16) + 12 + column];
            float sigmoid_14 = DeviceMath.Sigmoid(gates_13);
            float subtract_18 = add_11 - multiply_17;
            float multiply_26 = subtract_18 * divide_25;
            float cellHyperCellNormGain_27 = args.Parameters[CellHyperCellNormGain + column];
            float multiply_28 = multiply_26 * cellHyperCellNormGain_27;
            float cellHyperCellNormShift_29 = args.Parameters[CellHyperCellNormShift + column];
            float add_30 = multiply_28 + cellHyperCellNormShift_29;
            float tanh_31 = DeviceMath.Tanh(add_30);
            float multiply_32 = sigmoid_14 * tanh_31;
            if (inside)
            {
                values[H_2 + (local * 4) + column] = multiply_32;
            }
        }
    }
    Group.Barrier();

    // y = h_2 · cellScaleEmbeddingWeight
    {
        for (int output = Group.IdxX; output < 16; output += 256)
        {
            int right = output;
            float sum0 = 0f;
            for (int inner = 0; inner < 4; inner++)
            {
                float weight = args.Common[CellScaleEmbeddingWeightTransposed + right + (inner * 16)];
                sum0 += values[H_2 + inner] * weight;
            }
            values[Y + output] = sum0;
        }
    }
    Group.Barrier();

    // z = y + cell.scaleEmbedding.bias
    {
        for (int index = Group.IdxX; index < 16; index += 256)
        {
            int column = index % 16;
            int local = index / 16;
            float y_0 = values[Y + (local * 16) + column];
            float cellScaleEmbeddingBias_1 = args.Parameters[CellScaleEmbeddingBias + column];
            float add_2 = y_0 + cellScaleEmbeddingBias_1;
            values[Z + (local * 16) + column] = add_2;
        }
    }

    // y_2 = h_2 · cellBiasEmbeddingWeight
    {
        for (int output = Group.IdxX; output < 8; output += 256)
        {
            int right = output;
            float sum0 = 0f;
            for (int inner = 0; inner < 4; inner++)
            {
                float weight = args.Common[CellBiasEmbeddingWeightTransposed + right + (inner * 8)];
                sum0 += values[H_2 + inner] * weight;
            }
            values[Y_2 + output] = sum0;
        }
    }
    Group.Barrier();

    // d = z · cellScale
    {
        for (int output = Group.IdxX; output < 2048; output += 256)
        {
            int left = ((output / 256) * 2);
            int right = ((output / 256) * 512) + (output % 256);
            float sum0 = 0f;
            for (int inner = 0; inner < 2; inner++)
            {
                float weight = args.Common[CellScaleTransposed + right + (inner * 256)];
                sum0 += values[Z + left + inner] * weight;
            }
            values[D + ((output / 256) * 256) + (output % 256)] = sum0;
        }
    }

    // cellBiasScaleProduct = y_2 · cellBiasScale
    {
        for (int output = Group.IdxX; output < 1024; output += 256)
        {
            int left = ((output / 256) * 2);
            int right = ((output / 256) * 512) + (output % 256);
            float sum0 = 0f;
            for (int inner = 0; inner < 2; inner++)
            {
                float weight = args.Common[CellBiasScaleTransposed + right + (inner * 256)];
                sum0 += values[Y_2 + left + inner] * weight;
            }
            values[CellBiasScaleProduct + ((output / 256) * 256) + (output % 256)] = sum0;
        }
    }
    Group.Barrier();

    // gates = d * cellFromStateProduct + d * cellFromInputProduct + offset
    {
        for (int index = Group.IdxX; index < 1024; index += 256)
        {
            int column = index % 1024;
            int local = index / 1024;
            float cellBiasScaleProduct_0 = values[CellBiasScaleProduct + (local * 1024) + column];
            float cellBias_1 = args.Parameters[CellBias + column];
            float add_2 = cellBiasScaleProduct_0 + cellBias_1;
            float d_3 = values[D + (local * 2048) + column];
            float cellFromStateProduct_4 = args.Scratch[(CellFromStateProduct * args.Examples) + ((first + local) * 1024) + column];
            float multiply_5 = d_3 * cellFromStateProduct_4;
            float d_6 = values[D + (local * 2048) + 1024 + column];
            float cellFromInputProduct_7 = args.Sequence[(CellFromInputProduct * all) + ((present + local) * 1024) + column];
            float multiply_8 = d_6 * cellFromInputProduct_7;
            float add_9 = multiply_5 + multiply_8;
            float add_10 = add_9 + add_2;
            values[Gates_3 + (local * 1024) + column] = add_10;
        }
    }
    Group.Barrier();

    // gates = centred * (1 / sqrt(total * 0.00390625 + 0.001)) * cell.gateNorm.gain + cell.gateNorm.shift
    {
        int lane = Group.IdxX % 64;
        int place = (Group.IdxX / 64);
        bool inside = place < 4;
        int row = inside ? place : 0;
        int row0 = row % 4;
        int local = row / 4;
        float sum_1All = 0f;
        for (int column = lane; column < 256; column += 64)
        {
            float gates_0 = values[Gates_3 + (local * 1024) + (row0 * 256) + column];
            sum_1All += gates_0;
        }
        float sum_1 = GroupReduction.Sum(shared, sum_1All, 64);
        float multiply_3 = sum_1 * 0.00390625f;
        float sum_6All = 0f;
        for (int column = lane; column < 256; column += 64)
        {
            float gates_0 = values[Gates_3 + (local * 1024) + (row0 * 256) + column];
            float subtract_4 = gates_0 - multiply_3;
            float multiply_5 = subtract_4 * subtract_4;
            sum_6All += multiply_5;
        }
        float sum_6 = GroupReduction.Sum(shared, sum_6All, 64);
        float multiply_7 = sum_6 * 0.00390625f;
        float add_9 = multiply_7 + 0.001f;
        float sqrt_10 = MathF.Sqrt(add_9);
        float divide_12 = 1f / sqrt_10;
        for (int column = lane; column < 256; column += 64)
        {
            float gates_0 = values[Gates_3 + (local * 1024) + (row0 * 256) + column];
            float subtract_4 = gates_0 - multiply_3;
            float multiply_13 = subtract_4 * divide_12;
            float cellGateNormGain_14 = args.Parameters[CellGateNormGain + (row0 * 256) + column];
            float multiply_15 = multiply_13 * cellGateNormGain_14;
            float cellGateNormShift_16 = args.Parameters[CellGateNormShift + (row0 * 256) + column];
            float add_17 = multiply_15 + cellGateNormShift_16;
            if (inside)
            {
                values[Gates_4 + (local * 1024) + (row0 * 256) + column] = add_17;
            }
        }
    }
    Group.Barrier();

    // c = sigmoidOfF * cell.c + sigmoidOfI * tanhOfG
    // h = sigmoidOfO * tanh(centred * (1 / sqrt(add(…))) * cell.cellNorm.gain + cell.cellNorm.shift)
    {
        int lane = Group.IdxX % 256;
        int place = (Group.IdxX / 256);
        bool inside = place < 1;
        int row = inside ? place : 0;
        int local = row;
        float sum_15All = 0f;
        for (int column = lane; column < 256; column += 256)
        {
            float gates_0 = values[Gates_4 + (local * 1024) + 512 + column];
            float add_2 = gates_0 + 1f;
            float sigmoid_3 = DeviceMath.Sigmoid(add_2);
            float cellC_4 = args.Scratch[(CellC * args.Examples) + ((first + local) * 256) + column];
            float multiply_5 = sigmoid_3 * cellC_4;
            float gates_6 = values[Gates_4 + (local * 1024) + column];
            float sigmoid_7 = DeviceMath.Sigmoid(gates_6);
            float gates_8 = values[Gates_4 + (local * 1024) + 256 + column];
            float tanh_9 = DeviceMath.Tanh(gates_8);
            float multiply_10 = sigmoid_7 * tanh_9;
            float add_11 = multiply_5 + multiply_10;
            if (inside)
            {
                values[C_2 + (local * 256) + column] = add_11;
            }
            sum_15All += add_11;
        }
        float sum_15 = GroupReduction.Sum(shared, sum_15All, 256);
        float multiply_17 = sum_15 * 0.00390625f;
        float sum_20All = 0f;
        for (int column = lane; column < 256; column += 256)
        {
            float gates_0 = values[Gates_4 + (local * 1024) + 512 + column];
            float add_2 = gates_0 + 1f;
            float sigmoid_3 = DeviceMath.Sigmoid(add_2);
            float cellC_4 = args.Scratch[(CellC * args.Examples) + ((first + local) * 256) + column];
            float multiply_5 = sigmoid_3 * cellC_4;
            float gates_6 = values[Gates_4 + (local * 1024) + column];
            float sigmoid_7 = DeviceMath.Sigmoid(gates_6);
            float gates_8 = values[Gates_4 + (local * 1024) + 256 + column];
            float tanh_9 = DeviceMath.Tanh(gates_8);
            float multiply_10 = sigmoid_7 * tanh_9;
            float add_11 = multiply_5 + multiply_10;
            float subtract_18 = add_11 - multiply_17;
            float multiply_19 = subtract_18 * subtract_18;
            sum_20All += multiply_19;
        }
        float sum_20 = GroupReduction.Sum(shared, sum_20All, 256);
        float multiply_21 = sum_20 * 0.00390625f;
        float add_23 = multiply_21 + 0.001f;
        float sqrt_24 = MathF.Sqrt(add_23);
        float divide_25 = 1f / sqrt_24;
        for (int column = lane; column < 256; column += 256)
        {
            float gates_0 = values[Gates_4 + (local * 1024) + 512 + column];
            float add_2 = gates_0 + 1f;
            float sigmoid_3 = DeviceMath.Sigmoid(add_2);
            float cellC_4 = args.Scratch[(CellC * args.Examples) + ((first + local) * 256) + column];
            float multiply_5 = sigmoid_3 * cellC_4;
            float gates_6 = values[Gates_4 + (local * 1024) + column];
            float sigmoid_7 = DeviceMath.Sigmoid(gates_6);
            float gates_8 = values[Gates_4 + (local * 1024) + 256 + column];
            float tanh_9 = DeviceMath.Tanh(gates_8);
            float multiply_10 = sigmoid_7 * tanh_9;
            float add_11 = multiply_5 + multiply_10;
            float gates_13 = values[Gates_4 + (local * 1024) + 768 + column];
            float sigmoid_14 = DeviceMath.Sigmoid(gates_13);
            float subtract_18 = add_11 - multiply_17;
            float multiply_26 = subtract_18 * divide_25;
            float cellCellNormGain_27 = args.Parameters[CellCellNormGain + column];
            float multiply_28 = multiply_26 * cellCellNormGain_27;
            float cellCellNormShift_29 = args.Parameters[CellCellNormShift + column];
            float add_30 = multiply_28 + cellCellNormShift_29;
            float tanh_31 = DeviceMath.Tanh(add_30);
            float multiply_32 = sigmoid_14 * tanh_31;
            if (inside)
            {
                args.Sequence[(H * all) + ((present + local) * 256) + column] = multiply_32;
            }
        }
    }

    // cell.hyper.h = h
    {
        for (int index = Group.IdxX; index < 4; index += 256)
        {
            int column = index % 4;
            int local = index / 4;
            float h_0 = values[H_2 + (local * 4) + column];
            args.Scratch[((first + local) * 4) + column] = h_0;
        }
    }

    // cell.hyper.c = c
    {
        for (int index = Group.IdxX; index < 4; index += 256)
        {
            int column = index % 4;
            int local = index / 4;
            float c_0 = values[C + (local * 4) + column];
            args.Scratch[(CellHyperC * args.Examples) + ((first + local) * 4) + column] = c_0;
        }
    }
    Group.Barrier();

    // cell.h = h
    {
        for (int index = Group.IdxX; index < 256; index += 256)
        {
            int column = index % 256;
            int local = index / 256;
            float h_0 = args.Sequence[(H * all) + ((present + local) * 256) + column];
            args.Scratch[(CellH * args.Examples) + ((first + local) * 256) + column] = h_0;
        }
    }

    // cell.c = c
    {
        for (int index = Group.IdxX; index < 256; index += 256)
        {
            int column = index % 256;
            int local = index / 256;
            float c_0 = values[C_2 + (local * 256) + column];
            args.Scratch[(CellC * args.Examples) + ((first + local) * 256) + column] = c_0;
        }
    }
}
